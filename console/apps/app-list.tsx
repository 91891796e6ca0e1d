import { Badge, Button, Card, Group, Stack, Text, TextInput } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Confirm } from '../parts/confirm.tsx'
import { Icon } from '../parts/icon.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Once } from '../parts/once.tsx'
import { type Column, DataTable } from '../parts/table.tsx'
import { useAct, useCall } from '../session/call.ts'
import { useSession } from '../session/session.tsx'
import type { App } from './apps.tsx'

const keyOf = ({ app_id }: App) => app_id

export function AppList() {
  const { t } = useTranslation()
  const { appId, choose } = useSession()
  const [isMaking, setMaking] = useState(false)
  const apps = useCall(['apps', 'all'], client => client.apps.listApps({ page_size: 500 }))
  const columns = useMemo<Column<App>[]>(
    () => [
      {
        id: 'name',
        title: t('apps.name'),
        cell: ({ app_id, name, frozen }) => (
          <Group gap="xs" wrap="nowrap">
            <Button variant="subtle" size="compact-sm" px={0} onClick={() => choose(app_id)}>
              {name}
            </Button>
            {app_id === appId && <Badge>{t('apps.chosen')}</Badge>}
            {frozen && <Badge color="blue">{t('apps.frozen')}</Badge>}
          </Group>
        ),
      },
      { id: 'id', title: t('apps.appId'), cell: ({ app_id }) => <span className="mono">{app_id}</span> },
      { id: 'users', title: t('apps.users'), cell: ({ users }) => users.toLocaleString(), isNumber: true },
    ],
    [t, appId, choose],
  )
  return (
    <Stack gap="xs" component="section" aria-label={t('apps.all')}>
      <Group justify="space-between">
        <Text component="h2" fw={650}>
          {t('apps.all')}
        </Text>
        <Button size="xs" leftSection={<Icon name="plus" size={14} />} onClick={() => setMaking(true)}>
          {t('apps.create')}
        </Button>
      </Group>
      <Card padding={0}>
        <Loaded query={apps} lines={3}>
          {({ data }) => <DataTable caption={t('apps.all')} columns={columns} rows={data} keyOf={keyOf} />}
        </Loaded>
      </Card>
      {isMaking && <NewApp close={() => setMaking(false)} />}
    </Stack>
  )
}

function NewApp({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  const [made, setMade] = useState<{ app_id: string; app_secret: string; admin_token: string }>()
  const { perform } = useAct(async client => setMade(await client.apps.createApp({ name: name.trim() })), {
    changes: ['apps'],
  })
  if (made)
    return (
      <Card>
        <Stack gap="xs">
          <Text size="sm">{t('tokens.once')}</Text>
          <Once name={t('apps.appId')} value={made.app_id} />
          <Once name={t('apps.secret')} value={made.app_secret} />
          <Once name={t('apps.adminToken')} value={made.admin_token} />
          <Group>
            <Button size="xs" onClick={close}>
              {t('tokens.kept')}
            </Button>
          </Group>
        </Stack>
      </Card>
    )
  return (
    <Confirm
      title={t('apps.create')}
      act={t('apps.create')}
      color="tide"
      isReady={name.trim() !== ''}
      perform={() => perform(undefined)}
      close={() => undefined}
      cancel={close}
    >
      <TextInput
        data-autofocus
        required
        maxLength={64}
        label={t('apps.name')}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
    </Confirm>
  )
}
