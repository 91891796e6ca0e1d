import { Alert, Badge, SimpleGrid, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Client } from '../../client/index.ts'
import { Facts } from '../parts/facts.tsx'
import { Icon } from '../parts/icon.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Ago, Moment } from '../parts/moment.tsx'
import { Page } from '../parts/page.tsx'
import { useCall } from '../session/call.ts'
import { useBytes } from './bytes.ts'

type Health = Awaited<ReturnType<Client['system']['showSystem']>>

/** Of the node that answers, and of what all nodes share. */
export function System() {
  const { t } = useTranslation()
  const health = useCall(['system'], client => client.system.showSystem(), { every: 5000 })
  return (
    <Page title={t('frame.places.system')} about={t('system.about')}>
      <Loaded query={health} lines={8}>
        {data => <Content health={data} />}
      </Loaded>
    </Page>
  )
}

function Content({ health }: { health: Health }) {
  const { t } = useTranslation()
  const bytes = useBytes()
  const { outbox, hashes } = health
  return (
    <Stack>
      {health.disk_full && (
        <Alert color="red" icon={<Icon name="alert" />} title={t('system.diskFull')}>
          {t('system.diskFullAbout')}
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }} className="tops">
        <Facts
          title={t('system.node')}
          facts={[
            [t('system.version'), `Stonechat ${health.version}, Node ${health.runtime}`],
            [t('system.started'), <Moment key="started" at={health.started_at} />],
            [t('system.memory'), bytes(health.memory_bytes)],
            [t('system.connections'), health.connections.toLocaleString()],
            [t('system.sessions'), health.sessions_known.toLocaleString()],
            [t('system.hashes'), t('system.hashesOf', { running: hashes.running, waiting: hashes.waiting })],
          ]}
        />
        <Facts
          title={t('system.store')}
          facts={[
            [t('system.engine'), health.engine],
            [t('system.database'), bytes(health.database_bytes)],
            [t('system.log'), bytes(health.log_bytes)],
            [t('system.free'), bytes(health.disk_free_bytes)],
            [
              t('system.outbox'),
              outbox.waiting === 0 ? (
                t('system.outboxEmpty')
              ) : (
                <span key="outbox">
                  {t('system.outboxWaiting', { count: outbox.waiting })} <Ago at={outbox.oldest_at} />
                </span>
              ),
            ],
          ]}
        />
        <Facts
          title={t('system.nodes')}
          facts={health.nodes.map(({ node_id, renewed_at, alive }) => [
            node_id,
            <span key={node_id}>
              <Badge color={alive ? 'teal' : 'red'}>{alive ? t('system.alive') : t('system.gone')}</Badge>{' '}
              <Ago at={renewed_at} />
            </span>,
          ])}
        />
        <Facts
          title={t('system.migrations')}
          facts={health.migrations.map(({ name, state, applied_at }) => [
            name,
            state === 'applied' ? <Moment key={name} at={applied_at} /> : t('system.pending'),
          ])}
        />
        {health.notifiers.length > 0 && (
          <Facts
            title={t('system.parked')}
            facts={health.notifiers.map(({ app_id, name, reason }) => [`${app_id} · ${name}`, reason])}
          />
        )}
      </SimpleGrid>
    </Stack>
  )
}
