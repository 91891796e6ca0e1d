import { Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Client } from '../../client/index.ts'
import { Bars } from '../charts/bars.tsx'

export type PreviewedAudience = Awaited<ReturnType<Client['insight']['previewAudience']>>

export function Reach({ preview }: { preview: PreviewedAudience }) {
  const { t } = useTranslation()
  const { users, devices, reached, channels, suppressed, estimated } = preview
  return (
    <Stack gap="sm" role="status">
      <Group gap="xl">
        <Count name={t('composer.users')} value={users} />
        <Count name={t('composer.devices')} value={devices} />
        <Count name={t('composer.reached')} value={reached} />
      </Group>
      {estimated && (
        <Text size="sm" c="dimmed">
          {t('composer.estimated', { count: preview.looked_at })}
        </Text>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        {channels.length > 0 && <Counted title={t('composer.channels')} head={t('tasks.channel')} of={channels} />}
        {suppressed.length > 0 && (
          <Counted
            title={t('composer.suppressed')}
            head={t('jobs.reason')}
            of={suppressed}
            color="var(--mantine-color-orange-6)"
          />
        )}
      </SimpleGrid>
    </Stack>
  )
}

const Count = ({ name, value }: { name: string; value: number }) => (
  <div>
    <Text size="sm" c="dimmed">
      {name}
    </Text>
    <Text fz={22} fw={650} className="figures">
      {value.toLocaleString()}
    </Text>
  </div>
)

interface CountedProps {
  title: string
  head: string
  of: { code: string; devices: number }[]
  color?: string
}

function Counted({ title, head, of, color = 'var(--mantine-color-anchor)' }: CountedProps) {
  const { t } = useTranslation()
  return (
    <Bars
      title={title}
      head={head}
      series={[{ name: t('tasks.devices'), color }]}
      rows={of.map(({ code, devices }) => ({ name: code, values: [devices] }))}
    />
  )
}
