import { Alert, Radio, Stack, Text, Textarea } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { Loaded } from '../parts/loaded.tsx'
import { useCall } from '../session/call.ts'
import type { StepProps } from './composer.tsx'
import { audienceOf, entriesOf, flawOf, kinds, most } from './draft.ts'
import { Reach } from './reach.tsx'

export function AudienceStep({ draft, set }: StepProps) {
  const { t } = useTranslation()
  const flaw = flawOf(draft)
  return (
    <Stack>
      <Radio.Group
        label={t('composer.whom')}
        value={draft.kind}
        onChange={value => set({ kind: kinds.find(kind => kind === value) ?? 'user_id' })}
      >
        <Stack gap="xs" mt="xs">
          {kinds.map(kind => (
            <Radio key={kind} value={kind} label={t(`composer.kinds.${kind}`)} />
          ))}
        </Stack>
      </Radio.Group>
      {draft.kind === 'all' ? (
        <Alert color="yellow">{t('composer.allAbout')}</Alert>
      ) : (
        <Textarea
          label={t(`composer.lists.${draft.kind}`)}
          description={t('composer.listAbout', { most })}
          minRows={4}
          maxRows={12}
          spellCheck={false}
          value={draft.list}
          error={
            flaw && flaw !== 'none' ? t(`composer.flaws.${flaw}`, { count: entriesOf(draft).length, most }) : undefined
          }
          onChange={({ currentTarget }) => set({ list: currentTarget.value })}
        />
      )}
      <Preview draft={draft} />
    </Stack>
  )
}

/** How many devices it would reach now, and by which way. */
export function Preview({ draft }: Pick<StepProps, 'draft'>) {
  const { t } = useTranslation()
  const [settled] = useDebouncedValue(draft, 400)
  const isAsked = flawOf(settled) === undefined
  const audience = audienceOf(settled)
  const preview = useCall(
    ['preview', audience, settled.strategy],
    client => client.insight.previewAudience({ audience, setting: { distribution_strategy: settled.strategy } }),
    { enabled: isAsked, keep: true },
  )
  if (!isAsked)
    return (
      <Text size="sm" c="dimmed">
        {t('composer.previewHint')}
      </Text>
    )
  return (
    <Loaded query={preview} lines={3}>
      {data => <Reach preview={data} />}
    </Loaded>
  )
}
