import { Alert, Anchor, Card, List, SimpleGrid, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Client } from '../../client/index.ts'
import { Bars } from '../charts/bars.tsx'
import { Columns } from '../charts/columns.tsx'
import { Icon } from '../parts/icon.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Moment } from '../parts/moment.tsx'
import { Page } from '../parts/page.tsx'
import { usePlatform } from '../parts/presence.tsx'
import { useCall } from '../session/call.ts'

type Figures = Awaited<ReturnType<Client['overview']['getOverview']>>

export function Overview() {
  const { t } = useTranslation()
  const figures = useCall(['overview'], client => client.overview.getOverview(), { every: 15_000 })
  return (
    <Page
      title={t('frame.places.overview')}
      about={
        figures.data && (
          <>
            {t('overview.asOf')} <Moment at={figures.data.at} withSeconds />
          </>
        )
      }
    >
      <Loaded query={figures} lines={6}>
        {data => <Content figures={data} />}
      </Loaded>
    </Page>
  )
}

function Content({ figures }: { figures: Figures }) {
  const { t } = useTranslation()
  const platform = usePlatform()
  const about = ({ value, exact }: { value: number; exact: boolean }) =>
    exact ? value.toLocaleString() : t('overview.atLeast', { value: value.toLocaleString() })
  const tried = figures.pushes.by_channel.reduce((sum, { target }) => sum + target, 0)
  const sent = figures.pushes.by_channel.reduce((sum, { sent }) => sum + sent, 0)

  return (
    <Stack>
      <NotSending figures={figures} />
      <SimpleGrid cols={{ base: 2, md: 4 }}>
        <Figure name={t('overview.users')} value={figures.users.toLocaleString()} to="/users" />
        <Figure name={t('overview.online')} value={about(figures.online)} to="/users?online=true" />
        <Figure
          name={t('overview.registered')}
          value={figures.registered.today.toLocaleString()}
          more={t('overview.inSevenDays', { count: figures.registered.seven_days })}
          to="/users"
        />
        <Figure
          name={t('overview.pushes')}
          value={sent.toLocaleString()}
          more={t('overview.ofTried', { count: tried })}
          to="/push/tasks"
        />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, md: 2 }} className="tops">
        <Columns
          title={t('overview.registrations')}
          head={t('overview.day')}
          series={t('overview.users')}
          rows={figures.registered.by_day.map(({ day, users }) => ({ name: day, value: users }))}
        />
        <Bars
          title={t('overview.devices', { count: figures.devices.value })}
          head={t('users.platform')}
          series={[{ name: t('overview.devicesHead'), color: 'var(--mantine-color-anchor)' }]}
          rows={figures.devices.by_platform.map(each => ({ name: platform(each.platform), values: [each.devices] }))}
        />
        {figures.pushes.by_channel.length > 0 && (
          <Bars
            title={t('overview.pushesByChannel')}
            head={t('tasks.channel')}
            series={[
              { name: t('tasks.sent'), color: 'var(--mantine-color-anchor)' },
              { name: t('tasks.notSent'), color: 'var(--mantine-color-orange-6)' },
            ]}
            rows={figures.pushes.by_channel.map(({ channel, target, sent: taken }) => ({
              name: channel,
              values: [taken, Math.max(target - taken, 0)],
            }))}
          />
        )}
        <Figure
          name={t('overview.queue')}
          value={about(figures.queue)}
          more={
            figures.queue.oldest_ms > 0
              ? t('overview.waiting', { count: Math.round(figures.queue.oldest_ms / 1000) })
              : t('overview.noWaiting')
          }
          to="/push/tasks"
        />
      </SimpleGrid>
    </Stack>
  )
}

function NotSending({ figures }: { figures: Figures }) {
  const { t } = useTranslation()
  if (figures.notifiers.length === 0) return null
  return (
    <Alert color="yellow" icon={<Icon name="alert" />} title={t('overview.notSending')}>
      <List size="sm">
        {figures.notifiers.map(({ name, state, reason }) => (
          <List.Item key={name}>
            <Anchor component={Link} to="/push/notifiers" size="sm">
              {name}
            </Anchor>{' '}
            {t(`notifiers.states.${state === 'parked' ? 'parked' : 'disabled'}`)} {reason}
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}

interface FigureProps {
  name: string
  value: string
  more?: string
  to: string
}

function Figure({ name, value, more, to }: FigureProps) {
  return (
    <Card>
      <Anchor component={Link} to={to} size="sm">
        {name}
      </Anchor>
      <Text fz={26} fw={650} lh={1.3} className="figures">
        {value}
      </Text>
      {more && (
        <Text size="xs" c="dimmed">
          {more}
        </Text>
      )}
    </Card>
  )
}
