import { Anchor, Badge, Button, Card } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Client } from '../../client/index.ts'
import { NoneYet } from '../parts/empty.tsx'
import { Icon } from '../parts/icon.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Moment } from '../parts/moment.tsx'
import { Page } from '../parts/page.tsx'
import { Pager } from '../parts/pager.tsx'
import { usePages } from '../parts/pages.ts'
import { type Column, DataTable } from '../parts/table.tsx'
import { useCall } from '../session/call.ts'
import { taskColor, taskState } from './states.ts'

const route = getRouteApi('/push/tasks')

type Task = Awaited<ReturnType<Client['insight']['listTasks']>>['data'][number]

const keyOf = ({ task_id }: Task) => String(task_id)

export function Tasks() {
  const { t } = useTranslation()
  const { cursor, size = 50 } = route.useSearch()
  const navigate = route.useNavigate()
  const tasks = useCall(
    ['tasks', cursor, size],
    client => client.insight.listTasks({ page_size: size, ...(cursor && { cursor }) }),
    { keep: true, every: 5000 },
  )
  const { before, after } = usePages(cursor, tasks.data?.cursor, place =>
    navigate({ search: ({ cursor: _, ...old }) => ({ ...old, ...(place && { cursor: place }) }) }),
  )
  const columns = useMemo<Column<Task>[]>(
    () => [
      {
        id: 'task',
        title: t('tasks.task'),
        cell: ({ task_id, title, body, type }) => (
          <Anchor component={Link} to={`/push/tasks/${task_id}`} size="sm" fw={600} lineClamp={1}>
            {task_id} · {title || body || type}
          </Anchor>
        ),
      },
      {
        id: 'state',
        title: t('jobs.state'),
        cell: ({ state }) => <Badge color={taskColor(state)}>{t(`tasks.states.${taskState(state)}`)}</Badge>,
      },
      {
        id: 'audience',
        title: t('tasks.audience'),
        cell: ({ audience_kind, audience_size }) =>
          audience_kind === 'all' ? t('tasks.everybody') : `${audience_kind} (${audience_size})`,
      },
      {
        id: 'settled',
        title: t('tasks.settled'),
        cell: ({ settled, devices }) => `${settled} / ${devices}`,
        isNumber: true,
      },
      { id: 'created', title: t('jobs.created'), cell: ({ created_at }) => <Moment at={created_at} /> },
    ],
    [t],
  )
  return (
    <Page
      title={t('frame.places.tasks')}
      about={t('tasks.about')}
      actions={
        <Button component={Link} to="/push/new" size="xs" leftSection={<Icon name="push" size={14} />}>
          {t('frame.places.composer')}
        </Button>
      }
    >
      <Card padding={0}>
        <Loaded query={tasks}>
          {({ data }) =>
            data.length === 0 ? (
              <NoneYet icon="tasks" title={t('tasks.none')}>
                {t('tasks.noneAbout')}
              </NoneYet>
            ) : (
              <DataTable caption={t('frame.places.tasks')} columns={columns} rows={data} keyOf={keyOf} />
            )
          }
        </Loaded>
      </Card>
      <Pager
        before={before}
        after={after}
        size={size}
        sizes={[20, 50, 100]}
        resize={value => navigate({ search: { size: value } })}
      />
    </Page>
  )
}
