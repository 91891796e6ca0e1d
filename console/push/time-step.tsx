import { Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { StepProps } from './composer.tsx'
import { strategies } from './draft.ts'

const utcOf = (local: string) =>
  local === '' ? '' : `${new Date(local).toISOString().slice(0, 16).replace('T', ' ')} UTC`

export function TimeStep({ draft, set }: StepProps) {
  const { t } = useTranslation()
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const isWrong = draft.begin !== '' && draft.end !== '' && draft.begin >= draft.end
  return (
    <Stack maw={640}>
      <Text size="sm">{t('composer.zone', { zone })}</Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          type="datetime-local"
          label={t('composer.begin')}
          description={utcOf(draft.begin) || t('composer.beginAbout')}
          value={draft.begin}
          onChange={({ currentTarget }) => set({ begin: currentTarget.value })}
        />
        <TextInput
          type="datetime-local"
          label={t('composer.end')}
          description={utcOf(draft.end) || t('composer.endAbout')}
          value={draft.end}
          error={isWrong ? t('composer.endWrong') : undefined}
          onChange={({ currentTarget }) => set({ end: currentTarget.value })}
        />
      </SimpleGrid>
      <Select
        label={t('composer.strategy')}
        data={strategies.map(strategy => ({ value: strategy, label: t(`composer.strategies.${strategy}`) }))}
        value={draft.strategy}
        onChange={value => set({ strategy: strategies.find(each => each === value) ?? 'combined' })}
      />
      <TextInput
        label={t('composer.requestId')}
        description={t('composer.requestIdAbout')}
        maxLength={128}
        className="mono"
        value={draft.requestId}
        onChange={({ currentTarget }) => set({ requestId: currentTarget.value.trim() })}
      />
    </Stack>
  )
}
