import { Badge, Button, Card, Code, Group, Progress, SimpleGrid, Stack, Text } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Client } from '../../client/index.ts'
import { channels } from '../../contract/delivery.ts'
import { Bars } from '../charts/bars.tsx'
import { Facts } from '../parts/facts.tsx'
import { Icon } from '../parts/icon.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Moment } from '../parts/moment.tsx'
import { Page } from '../parts/page.tsx'
import { csv, save } from '../parts/save.ts'
import { useAct, useCall } from '../session/call.ts'
import { taskColor, taskState } from './states.ts'

const route = getRouteApi('/push/tasks/$taskId')

type Detail = Awaited<ReturnType<Client['delivery']['taskDetail']>>[number]
type Progressed = Awaited<ReturnType<Client['delivery']['taskProgress']>>

const isOver = (state: string) => state === 'done' || state === 'cancelled'

/** What was asked, how far it has come, and what it came to. */
export function Task() {
  const { t } = useTranslation()
  const { taskId } = route.useParams()
  const [isFinished, setFinished] = useState(false)
  const every = isFinished ? {} : { every: 2000 }
  const progress = useCall(
    ['tasks', 'progress', taskId],
    async client => {
      const found = await client.delivery.taskProgress({ task_id: taskId })
      setFinished(isOver(found.state))
      return found
    },
    every,
  )
  const detail = useCall(
    ['tasks', 'detail', taskId],
    async client => (await client.delivery.taskDetail({ list: [taskId] }))[0] ?? null,
    every,
  )
  const content = useCall(['tasks', 'content', taskId], client => client.insight.taskContent({ task_id: taskId }))

  return (
    <Page
      title={t('tasks.title', { id: taskId })}
      actions={progress.data && <Acts task={progress.data} detail={detail.data ?? undefined} />}
    >
      <Loaded query={progress}>
        {data => (
          <Stack>
            <Course task={data} />
            <SimpleGrid cols={{ base: 1, md: 2 }}>
              {detail.data && <ByChannel detail={detail.data} />}
              <Bars
                title={t('tasks.byOutcome')}
                head={t('tasks.outcome')}
                series={[{ name: t('tasks.devices'), color: 'var(--mantine-color-anchor)' }]}
                rows={outcomesOf(data).map(([name, count]) => ({ name, values: [count] }))}
              />
            </SimpleGrid>
          </Stack>
        )}
      </Loaded>
      <Loaded query={content} lines={3}>
        {({ audience_kind, audience, message, setting }) => (
          <Stack>
            <Facts
              title={t('tasks.asked')}
              facts={[
                [t('tasks.audience'), audience_kind === 'all' ? t('tasks.everybody') : audience_kind],
                ...(audience.length > 0 ? ([[t('tasks.list'), audience.join(', ')]] as [string, string][]) : []),
              ]}
            />
            <Code block tabIndex={0} aria-label={t('tasks.message')}>
              {JSON.stringify({ message, setting }, null, 2)}
            </Code>
          </Stack>
        )}
      </Loaded>
    </Page>
  )
}

const outcomesOf = ({ outcomes }: Progressed) =>
  Object.entries(outcomes)
    .map(([name, count]): [string, number] => [name, Number(count)])
    .sort(([, one], [, other]) => other - one)

const figuresOf = (detail: Detail) =>
  channels
    .map(channel => ({
      channel,
      target: detail[`${channel}_target`],
      sent: detail[`${channel}_sent`],
      received: detail[`${channel}_received`],
    }))
    .filter(({ target }) => target > 0)

function Course({ task }: { task: Progressed }) {
  const { t } = useTranslation()
  const share = task.devices === 0 ? (isOver(task.state) ? 100 : 0) : (task.settled / task.devices) * 100
  return (
    <Card>
      <Group gap="xs" mb="xs">
        <Badge color={taskColor(task.state)}>{t(`tasks.states.${taskState(task.state)}`)}</Badge>
        <Text size="sm" role="status">
          {t('tasks.progress', { settled: task.settled, count: task.devices })}
        </Text>
        <Text size="sm" c="dimmed">
          {t('tasks.shown')} <Moment at={task.not_before} /> – <Moment at={task.expires_at} />
        </Text>
      </Group>
      <Progress.Root size="md">
        <Progress.Section value={share} aria-label={t('tasks.settled')} />
      </Progress.Root>
    </Card>
  )
}

function ByChannel({ detail }: { detail: Detail }) {
  const { t } = useTranslation()
  return (
    <Bars
      title={t('tasks.byChannel')}
      head={t('tasks.channel')}
      series={[
        { name: t('tasks.received'), color: 'var(--mantine-color-anchor)' },
        { name: t('tasks.sentOnly'), color: 'var(--mantine-color-blue-5)' },
        { name: t('tasks.notSent'), color: 'var(--mantine-color-orange-6)' },
      ]}
      rows={figuresOf(detail).map(({ channel, target, sent, received }) => ({
        name: channel,
        values: [received, Math.max(sent - received, 0), Math.max(target - Math.max(sent, received), 0)],
      }))}
    />
  )
}

function Acts({ task, detail }: { task: Progressed; detail: Detail | undefined }) {
  const { t } = useTranslation()
  const { task_id } = task
  const { tell, isPending } = useAct(
    (client, act: 'pauseTask' | 'resumeTask' | 'cancelTask') => client.delivery[act]({ task_id }),
    { changes: ['tasks', 'audit'] },
  )
  const download = () =>
    save(
      `task-${task_id}.csv`,
      'text/csv',
      csv([
        ['channel', 'target', 'sent', 'received'],
        ...(detail
          ? figuresOf(detail).map(({ channel, target, sent, received }) => [channel, target, sent, received])
          : []),
        [],
        ['outcome', 'devices'],
        ...outcomesOf(task),
      ]),
    )
  return (
    <>
      {task.state === 'paused' ? (
        <Button size="xs" loading={isPending} onClick={() => tell('resumeTask')}>
          {t('tasks.resume')}
        </Button>
      ) : (
        !isOver(task.state) && (
          <Button size="xs" variant="default" loading={isPending} onClick={() => tell('pauseTask')}>
            {t('tasks.pause')}
          </Button>
        )
      )}
      {!isOver(task.state) && (
        <Button size="xs" variant="outline" color="red" loading={isPending} onClick={() => tell('cancelTask')}>
          {t('tasks.cancel')}
        </Button>
      )}
      <Button size="xs" variant="default" leftSection={<Icon name="download" size={14} />} onClick={download}>
        CSV
      </Button>
    </>
  )
}
