import { Badge, Button, Card, Group, Progress, Stack, Switch, Text } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Facts } from '../parts/facts.tsx'
import { Icon } from '../parts/icon.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Moment } from '../parts/moment.tsx'
import { Page } from '../parts/page.tsx'
import { useAct, useCall } from '../session/call.ts'
import { downloadExport } from './export.ts'
import { JobRows } from './job-rows.tsx'
import type { Job as Picture } from './jobs.tsx'
import { stateColor, stateOf, useActName } from './words.ts'

const route = getRouteApi('/jobs/$jobId')
const isOver = (state: string) => state === 'done' || state === 'cancelled'

/** How far it has come, and what it came to for each user. */
export function Job() {
  const { t } = useTranslation()
  const { jobId } = route.useParams()
  const [isFinished, setFinished] = useState(false)
  const job = useCall(
    ['jobs', 'one', jobId],
    async client => {
      const found = await client.jobs.getJob({ job_id: jobId })
      setFinished(isOver(found.state))
      return found
    },
    isFinished ? {} : { every: 1000 },
  )
  const actName = useActName()
  return (
    <Page title={job.data ? `${actName(job.data.act)} · ${t('frame.places.jobs')}` : t('frame.places.jobs')}>
      <Loaded query={job}>{data => <Content job={data} />}</Loaded>
      <span className="mono">{t('jobs.id', { id: jobId })}</span>
    </Page>
  )
}

function Content({ job }: { job: Picture }) {
  const { t } = useTranslation()
  const [onlyFailed, setOnlyFailed] = useState(false)
  const cancel = useAct(client => client.jobs.cancelJob({ job_id: job.job_id }), { changes: ['jobs'] })
  const file = useAct((client, format: 'ndjson' | 'csv') => downloadExport(client, job.job_id, format), { changes: [] })
  const share = job.total === 0 ? (isOver(job.state) ? 100 : 0) : Math.min((job.done / job.total) * 100, 100)

  return (
    <Stack>
      <Card>
        <Group justify="space-between" mb="xs">
          <Group gap="xs">
            <Badge color={stateColor(job.state)}>{t(`jobs.states.${stateOf(job.state)}`)}</Badge>
            <Text size="sm" role="status">
              {t(job.total_exact ? 'jobs.progress' : 'jobs.progressAtLeast', { done: job.done, count: job.total })}
            </Text>
          </Group>
          <Group gap="xs">
            {!isOver(job.state) && (
              <Button size="xs" variant="default" loading={cancel.isPending} onClick={() => cancel.tell(undefined)}>
                {t('jobs.cancel')}
              </Button>
            )}
            {job.act === 'export' &&
              (['csv', 'ndjson'] as const).map(format => (
                <Button
                  key={format}
                  size="xs"
                  variant="default"
                  leftSection={<Icon name="download" size={14} />}
                  disabled={job.state !== 'done'}
                  loading={file.isPending}
                  onClick={() => file.tell(format)}
                >
                  {format === 'csv' ? 'CSV' : 'JSON'}
                </Button>
              ))}
          </Group>
        </Group>
        <Progress.Root size="md">
          <Progress.Section value={share} aria-label={t('jobs.done')} color={job.failed > 0 ? 'orange' : 'tide'} />
        </Progress.Root>
      </Card>
      <Facts
        facts={[
          [t('jobs.failed'), job.failed],
          [t('jobs.by'), job.by],
          [t('jobs.created'), <Moment key="created" at={job.created_at} />],
          [t('jobs.finished'), <Moment key="finished" at={job.finished_at} />],
          ...(job.tags.length > 0 ? ([[t('jobs.tags'), job.tags.join(', ')]] as [string, string][]) : []),
        ]}
      />
      <Group justify="space-between">
        <Text component="h2" fw={650}>
          {t('jobs.rows')}
        </Text>
        <Switch
          label={t('jobs.onlyFailed')}
          checked={onlyFailed}
          onChange={({ currentTarget }) => setOnlyFailed(currentTarget.checked)}
        />
      </Group>
      <JobRows key={String(onlyFailed)} jobId={job.job_id} onlyFailed={onlyFailed} isOver={isOver(job.state)} />
    </Stack>
  )
}
