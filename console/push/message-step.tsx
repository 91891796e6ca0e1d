import { Progress, SegmentedControl, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { StepProps } from './composer.tsx'
import { extOf, largestMessage, messageOf, sizeOf, types } from './draft.ts'
import { Notification } from './notification.tsx'

export function MessageStep({ draft, set }: StepProps) {
  const { t } = useTranslation()
  const size = sizeOf(messageOf(draft))
  const isWrongExt = draft.ext.trim() !== '' && extOf(draft) === undefined
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      <Stack gap="sm">
        <SegmentedControl
          aria-label={t('composer.type')}
          value={draft.type}
          onChange={value => set({ type: types.find(type => type === value) ?? 'text' })}
          data={types.map(type => ({ value: type, label: t(`composer.types.${type}`) }))}
        />
        <TextInput
          label={t('composer.title')}
          maxLength={256}
          value={draft.title}
          onChange={({ currentTarget }) => set({ title: currentTarget.value })}
        />
        <Textarea
          label={t('composer.body')}
          minRows={3}
          value={draft.body}
          onChange={({ currentTarget }) => set({ body: currentTarget.value })}
        />
        {draft.type === 'image' && (
          <TextInput
            required
            label={t('composer.image')}
            placeholder="https://"
            value={draft.imageUrl}
            onChange={({ currentTarget }) => set({ imageUrl: currentTarget.value.trim() })}
          />
        )}
        <TextInput
          label={t('composer.badge')}
          description={t('composer.badgeAbout')}
          placeholder="+1"
          value={draft.badge}
          onChange={({ currentTarget }) => set({ badge: currentTarget.value.trim() })}
        />
        <Textarea
          label={t('composer.ext')}
          description={t('composer.extAbout')}
          className="mono"
          spellCheck={false}
          placeholder='{"room": 7}'
          value={draft.ext}
          error={isWrongExt ? t('composer.extWrong') : undefined}
          onChange={({ currentTarget }) => set({ ext: currentTarget.value })}
        />
        <div>
          <Text size="sm" {...(size > largestMessage && { c: 'var(--mantine-color-error)' })}>
            {t('composer.size', { size, most: largestMessage })}
          </Text>
          <Progress.Root size="sm">
            <Progress.Section
              aria-label={t('composer.sizeName')}
              value={Math.min((size / largestMessage) * 100, 100)}
              color={size > largestMessage ? 'red' : 'tide'}
            />
          </Progress.Root>
        </div>
      </Stack>
      <Stack gap="sm">
        <Text size="sm" fw={600}>
          {t('composer.looks')}
        </Text>
        {draft.type === 'cmd' ? (
          <Text size="sm" c="dimmed">
            {t('composer.cmdAbout')}
          </Text>
        ) : (
          (['light', 'dark'] as const).map(scheme => <Notification key={scheme} draft={draft} scheme={scheme} />)
        )}
      </Stack>
    </SimpleGrid>
  )
}
