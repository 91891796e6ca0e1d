import { Anchor, Badge, Card } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Client } from '../../client/index.ts'
import { NoneYet } from '../parts/empty.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Moment } from '../parts/moment.tsx'
import { Pager } from '../parts/pager.tsx'
import { usePages } from '../parts/pages.ts'
import { type Column, DataTable } from '../parts/table.tsx'
import { useCall } from '../session/call.ts'

type Row = Awaited<ReturnType<Client['jobs']['jobRows']>>['data'][number]

const keyOf = ({ user_id }: Row) => String(user_id)

interface Props {
  jobId: number
  onlyFailed: boolean
  isOver: boolean
}

export function JobRows({ jobId, onlyFailed, isOver }: Props) {
  const { t } = useTranslation()
  const [cursor, setCursor] = useState<string>()
  const [size, setSize] = useState(50)
  const rows = useCall(
    ['jobs', 'rows', jobId, onlyFailed, cursor, size],
    client => client.jobs.jobRows({ job_id: jobId, failed: onlyFailed, page_size: size, ...(cursor && { cursor }) }),
    { keep: true, ...(!isOver && { every: 2000 }) },
  )
  const { before, after } = usePages(cursor, rows.data?.cursor, setCursor)
  const columns = useMemo<Column<Row>[]>(
    () => [
      {
        id: 'user',
        title: t('users.id'),
        cell: ({ user_id }) => (
          <Anchor component={Link} to={`/users/${user_id}`} size="sm">
            {user_id}
          </Anchor>
        ),
      },
      {
        id: 'outcome',
        title: t('jobs.outcome'),
        cell: ({ success }) =>
          success ? <Badge color="teal">{t('jobs.succeeded')}</Badge> : <Badge color="red">{t('jobs.refused')}</Badge>,
      },
      { id: 'reason', title: t('jobs.reason'), cell: ({ reason }) => reason },
      { id: 'at', title: t('trail.at'), cell: ({ at }) => <Moment at={at} withSeconds /> },
    ],
    [t],
  )
  return (
    <>
      <Card padding={0}>
        <Loaded query={rows}>
          {({ data }) =>
            data.length === 0 ? (
              <NoneYet icon="check" title={onlyFailed ? t('jobs.noFailed') : t('jobs.noRows')} />
            ) : (
              <DataTable caption={t('jobs.rows')} columns={columns} rows={data} keyOf={keyOf} />
            )
          }
        </Loaded>
      </Card>
      <Pager before={before} after={after} size={size} sizes={[50, 100, 500]} resize={setSize} />
    </>
  )
}
