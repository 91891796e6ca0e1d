import { Button, Card, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Client } from '../../client/index.ts'
import { Confirm } from '../parts/confirm.tsx'
import { Facts } from '../parts/facts.tsx'
import { Icon } from '../parts/icon.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Moment } from '../parts/moment.tsx'
import { Once } from '../parts/once.tsx'
import { Page } from '../parts/page.tsx'
import { useAct, useCall } from '../session/call.ts'
import { useSession } from '../session/session.tsx'
import { AppList } from './app-list.tsx'
import { PolicyForm } from './policy-form.tsx'

export type App = Awaited<ReturnType<Client['apps']['showApp']>>

/** The app and its policy; an operator may change it, and sees the other apps. */
export function Apps() {
  const { t } = useTranslation()
  const { kind } = useSession()
  const app = useCall(['apps', 'own'], client => client.apps.showApp())
  return (
    <Page title={t('frame.places.apps')} about={t('apps.about')}>
      <Loaded query={app} lines={8}>
        {data => (kind === 'operator' ? <Managed app={data} /> : <Policy app={data} />)}
      </Loaded>
      {kind === 'operator' && <AppList />}
    </Page>
  )
}

function Managed({ app }: { app: App }) {
  const { t } = useTranslation()
  const [isEditing, setEditing] = useState(false)
  const [isRotating, setRotating] = useState(false)
  if (isEditing) return <PolicyForm app={app} close={() => setEditing(false)} />
  return (
    <Stack gap="sm">
      <Policy app={app} />
      <Group gap="xs">
        <Button size="xs" onClick={() => setEditing(true)}>
          {t('apps.edit')}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name="refresh" size={14} />}
          onClick={() => setRotating(true)}
        >
          {t('apps.rotate')}
        </Button>
      </Group>
      {isRotating && <RotateSecret close={() => setRotating(false)} />}
    </Stack>
  )
}

function Policy({ app }: { app: App }) {
  const { t } = useTranslation()
  const yesNo = (is: boolean) => (is ? t('parts.yes') : t('parts.no'))
  return (
    <Facts
      title={app.name}
      facts={[
        [
          t('apps.appId'),
          <span key="id" className="mono">
            {app.app_id}
          </span>,
        ],
        [t('apps.users'), app.users.toLocaleString()],
        [t('jobs.created'), <Moment key="created" at={app.created_at} />],
        [t('apps.frozen'), yesNo(app.frozen)],
        [t('apps.registration'), app.registration === 'open' ? t('apps.open') : t('apps.closed')],
        [t('apps.userCap'), app.user_cap === 0 ? t('apps.noCap') : app.user_cap],
        [t('apps.deviceCap'), app.device_cap],
        [t('apps.passwordMinimum'), app.password_minimum],
        [t('apps.tokenDays'), app.token_days],
        [t('apps.origins'), app.origins.join('\n')],
        [t('apps.zone'), app.time_zone],
        [t('apps.push'), yesNo(app.push)],
        [t('apps.pushSignature'), yesNo(app.push_signature)],
      ]}
    />
  )
}

function RotateSecret({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const [secret, setSecret] = useState<string>()
  const { perform } = useAct(async client => setSecret((await client.apps.rotateAppSecret()).app_secret), {
    changes: ['audit'],
  })
  if (secret !== undefined)
    return (
      <Card>
        <Text size="sm" mb="xs">
          {t('tokens.once')}
        </Text>
        <Once name={t('apps.secret')} value={secret} />
        <Button mt="sm" size="xs" onClick={close}>
          {t('tokens.kept')}
        </Button>
      </Card>
    )
  return (
    <Confirm
      title={t('apps.rotate')}
      act={t('apps.rotate')}
      perform={() => perform(undefined)}
      close={() => undefined}
      cancel={close}
    >
      <Text size="sm">{t('apps.rotateMeans')}</Text>
    </Confirm>
  )
}
