import { Alert, Badge, Button, Card, Group, List, NumberInput, Stack, Text } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Client } from '../../client/index.ts'
import { Loaded } from '../parts/loaded.tsx'
import { Moment } from '../parts/moment.tsx'
import { usePlatform } from '../parts/presence.tsx'
import { useCall } from '../session/call.ts'
import type { Picture } from './user.tsx'

const route = getRouteApi('/users/$userId')

type Explained = Awaited<ReturnType<Client['insight']['explainPush']>>
type Reason = Explained['reasons'][number]

/** Why a push of a task did, or did not, reach the user's devices; or whether one would that is sent now. */
export function PushTab({ picture }: { picture: Picture }) {
  const { t } = useTranslation()
  const { task } = route.useSearch()
  const navigate = route.useNavigate()
  const userId = picture.profile.user_id
  const [typed, setTyped] = useState<number | string>(task ?? '')
  const explained = useCall(['explain', userId, task], client =>
    client.insight.explainPush({ user_id: userId, ...(task && { task_id: task }) }),
  )
  const ask = (id: number | string) =>
    navigate({ search: { tab: 'push', ...(typeof id === 'number' && { task: id }) }, replace: true })

  return (
    <Stack>
      <Group
        gap="xs"
        align="flex-end"
        component="form"
        onSubmit={event => {
          event.preventDefault()
          ask(typed)
        }}
      >
        <NumberInput
          size="xs"
          label={t('explain.task')}
          description={t('explain.taskAbout')}
          hideControls
          allowNegative={false}
          allowDecimal={false}
          value={typed}
          onChange={setTyped}
        />
        <Button type="submit" size="xs">
          {t('explain.ask')}
        </Button>
        <Button component={Link} to={`/push/new?user=${userId}`} variant="default" size="xs">
          {t('explain.send')}
        </Button>
      </Group>
      <Loaded query={explained} lines={4}>
        {data => <Explanation explained={data} isOfTask={task !== undefined} />}
      </Loaded>
    </Stack>
  )
}

function Explanation({ explained, isOfTask }: { explained: Explained; isOfTask: boolean }) {
  const { t } = useTranslation()
  const platform = usePlatform()
  return (
    <Stack>
      <Text component="h2" fw={650}>
        {isOfTask ? t('explain.ofTask', { id: explained.task_id }) : t('explain.ofNow')}
      </Text>
      {explained.reasons.length > 0 && (
        <Alert color="yellow" title={t('explain.ofUser')}>
          <Reasons of={explained.reasons} />
        </Alert>
      )}
      {explained.devices.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('explain.noDevices')}
        </Text>
      )}
      {explained.devices.map(({ device_sn, platform: number, state, channel, notifier_name, reasons }) => (
        <Card key={device_sn}>
          <Group gap="xs" mb="xs">
            <Text fw={600}>
              {t('user.device', { sn: device_sn })} · {platform(number)}
            </Text>
            <Badge color={colors[state] ?? 'gray'}>{t(`explain.states.${known(state)}`)}</Badge>
            {channel && (
              <Text size="sm" c="dimmed">
                {channel} {notifier_name}
              </Text>
            )}
          </Group>
          <Reasons of={reasons} />
        </Card>
      ))}
    </Stack>
  )
}

const states = ['received', 'sent', 'not_sent', 'waiting', 'not_meant', 'would_be_sent', 'would_not_be_sent'] as const
const known = (state: string) => states.find(each => each === state) ?? 'waiting'
const colors: Record<string, string> = {
  received: 'teal',
  sent: 'teal',
  would_be_sent: 'teal',
  not_sent: 'red',
  would_not_be_sent: 'red',
  waiting: 'yellow',
}

function Reasons({ of }: { of: Reason[] }) {
  const { t, i18n } = useTranslation()
  if (of.length === 0) return null
  return (
    <List size="sm" spacing={4}>
      {of.map(reason => (
        <List.Item key={`${reason.code} ${reason.at}`}>
          {i18n.language === 'zh' ? reason.zh : reason.en}
          {reason.detail && <span className="mono"> {reason.detail}</span>}
          {reason.at > 0 && (
            <Text span size="sm" c="dimmed">
              {' · '}
              <Moment at={reason.at} />
            </Text>
          )}
          {reason.until > 0 && (
            <Text span size="sm" c="dimmed">
              {' · '}
              {t('explain.until')} <Moment at={reason.until} />
            </Text>
          )}
        </List.Item>
      ))}
    </List>
  )
}
