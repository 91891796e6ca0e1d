import { Badge, Button, Card, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Client } from '../../client/index.ts'
import { NoneYet } from '../parts/empty.tsx'
import { Facts } from '../parts/facts.tsx'
import { Icon } from '../parts/icon.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Moment } from '../parts/moment.tsx'
import { Page } from '../parts/page.tsx'
import { useAct, useCall } from '../session/call.ts'
import { NotifierDialog } from './notifier-dialog.tsx'

export type Notifier = Awaited<ReturnType<Client['notifiers']['listNotifiers']>>[number]

/** The push credentials of the app, and which of them do not send. */
export function Notifiers() {
  const { t } = useTranslation()
  const notifiers = useCall(['notifiers'], client => client.notifiers.listNotifiers())
  const [dialog, setDialog] = useState<Notifier | 'new'>()
  return (
    <Page
      title={t('frame.places.notifiers')}
      about={t('notifiers.about')}
      actions={
        <Button size="xs" leftSection={<Icon name="plus" size={14} />} onClick={() => setDialog('new')}>
          {t('notifiers.create')}
        </Button>
      }
    >
      <Loaded query={notifiers}>
        {data =>
          data.length === 0 ? (
            <NoneYet icon="notifiers" title={t('notifiers.none')}>
              {t('notifiers.noneAbout')}
            </NoneYet>
          ) : (
            <Stack>
              {data.map(notifier => (
                <NotifierCard key={notifier.name} notifier={notifier} rotate={() => setDialog(notifier)} />
              ))}
            </Stack>
          )
        }
      </Loaded>
      {dialog && <NotifierDialog {...(dialog !== 'new' && { notifier: dialog })} close={() => setDialog(undefined)} />}
    </Page>
  )
}

const colors = { ready: 'teal', parked: 'red', disabled: 'gray' } as const
const stateOf = (state: string) => (state === 'parked' || state === 'disabled' ? state : 'ready')

function NotifierCard({ notifier, rotate }: { notifier: Notifier; rotate: () => void }) {
  const { t } = useTranslation()
  const { name, provider, environment, reason, parked_until, credentials, secrets } = notifier
  const state = stateOf(notifier.state)
  const isOff = state === 'disabled'
  const toggle = useAct(client => client.notifiers.changeNotifier({ name, disabled: !isOff }), {
    done: isOff ? t('notifiers.enabled') : t('notifiers.switchedOff'),
    changes: ['notifiers', 'overview', 'audit'],
  })
  return (
    <div>
      <Card component="section" aria-label={name}>
        <Group justify="space-between" gap="xs" mb="xs">
          <Group gap="xs">
            <Text component="h2" fw={650}>
              {name}
            </Text>
            <Badge color={colors[state]}>{t(`notifiers.states.${state}`)}</Badge>
            <Badge color="gray">{provider}</Badge>
            {environment === 0 && <Badge color="yellow">{t('notifiers.development')}</Badge>}
          </Group>
          <Group gap={4}>
            <Button size="compact-sm" variant="default" onClick={rotate}>
              {t('notifiers.rotate')}
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              loading={toggle.isPending}
              onClick={() => toggle.tell(undefined)}
            >
              {isOff ? t('notifiers.enable') : t('notifiers.disable')}
            </Button>
          </Group>
        </Group>
        {state === 'parked' && (
          <Text size="sm" c="var(--mantine-color-error)" mb="xs">
            {t('notifiers.parkedUntil', { reason })} <Moment at={parked_until} />
          </Text>
        )}
        <Facts
          facts={[
            ...Object.entries(credentials).map(([field, value]): [string, string] => [field, String(value)]),
            ...secrets.map((field): [string, string] => [field, t('notifiers.secret')]),
            [t('notifiers.changed'), <Moment key="changed" at={notifier.changed_at} />],
          ]}
        />
      </Card>
    </div>
  )
}
