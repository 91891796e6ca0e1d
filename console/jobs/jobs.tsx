import { Anchor, Badge, Card, Text } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Client } from '../../client/index.ts'
import { NoneYet } from '../parts/empty.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Moment } from '../parts/moment.tsx'
import { Page } from '../parts/page.tsx'
import { Pager } from '../parts/pager.tsx'
import { usePages } from '../parts/pages.ts'
import { type Column, DataTable } from '../parts/table.tsx'
import { useCall } from '../session/call.ts'
import { stateColor, stateOf, useActName } from './words.ts'

const route = getRouteApi('/jobs')

export type Job = Awaited<ReturnType<Client['jobs']['getJob']>>

const keyOf = ({ job_id }: Job) => String(job_id)

export function Jobs() {
  const { t } = useTranslation()
  const actName = useActName()
  const { cursor, size = 50 } = route.useSearch()
  const navigate = route.useNavigate()
  const jobs = useCall(
    ['jobs', cursor, size],
    client => client.jobs.listJobs({ page_size: size, ...(cursor && { cursor }) }),
    { keep: true, every: 5000 },
  )
  const { before, after } = usePages(cursor, jobs.data?.cursor, place =>
    navigate({ search: ({ cursor: _, ...old }) => ({ ...old, ...(place && { cursor: place }) }) }),
  )
  const columns = useMemo<Column<Job>[]>(
    () => [
      {
        id: 'act',
        title: t('jobs.act'),
        cell: ({ job_id, act }) => (
          <Anchor component={Link} to={`/jobs/${job_id}`} size="sm" fw={600}>
            {actName(act)}
          </Anchor>
        ),
      },
      {
        id: 'state',
        title: t('jobs.state'),
        cell: ({ state }) => <Badge color={stateColor(state)}>{t(`jobs.states.${stateOf(state)}`)}</Badge>,
      },
      { id: 'done', title: t('jobs.done'), cell: ({ done, total }) => `${done} / ${total}`, isNumber: true },
      { id: 'failed', title: t('jobs.failed'), cell: ({ failed }) => failed, isNumber: true },
      { id: 'by', title: t('jobs.by'), cell: ({ by }) => by },
      { id: 'created', title: t('jobs.created'), cell: ({ created_at }) => <Moment at={created_at} /> },
    ],
    [t, actName],
  )
  return (
    <Page title={t('frame.places.jobs')} about={<Text size="sm">{t('jobs.aboutPage')}</Text>}>
      <Card padding={0}>
        <Loaded query={jobs}>
          {({ data }) =>
            data.length === 0 ? (
              <NoneYet icon="check" title={t('jobs.none')}>
                {t('jobs.noneAbout')}
              </NoneYet>
            ) : (
              <DataTable caption={t('frame.places.jobs')} columns={columns} rows={data} keyOf={keyOf} />
            )
          }
        </Loaded>
      </Card>
      <Pager
        before={before}
        after={after}
        size={size}
        sizes={[20, 50, 100, 200]}
        resize={value => navigate({ search: { size: value } })}
      />
    </Page>
  )
}
