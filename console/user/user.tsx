import { Badge, Button, Group, Menu, Tabs } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Client } from '../../client/index.ts'
import { Copy } from '../parts/copy.tsx'
import { Icon } from '../parts/icon.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Ago } from '../parts/moment.tsx'
import { Page } from '../parts/page.tsx'
import { Online } from '../parts/presence.tsx'
import { useAct, useCall } from '../session/call.ts'
import { AuditTab } from './audit-tab.tsx'
import { DataTab } from './data-tab.tsx'
import { DevicesTab } from './devices-tab.tsx'
import { LabelsTab } from './labels-tab.tsx'
import { ProfileTab } from './profile-tab.tsx'
import { PushTab } from './push-tab.tsx'
import { type Tab, tabs } from './search.ts'
import { SettingsTab } from './settings-tab.tsx'
import { type UserAct, UserActDialog } from './user-acts.tsx'

const route = getRouteApi('/users/$userId')

export type Picture = Awaited<ReturnType<Client['users']['showUser']>>

const contents: Record<Tab, (props: { picture: Picture }) => React.ReactNode> = {
  profile: ProfileTab,
  settings: SettingsTab,
  devices: DevicesTab,
  labels: LabelsTab,
  push: PushTab,
  audit: AuditTab,
  data: DataTab,
}

/** All that is known of a user, and what can be done about it. */
export function User() {
  const { t } = useTranslation()
  const { userId } = route.useParams()
  const picture = useCall(['user', userId], client => client.actingFor(userId).users.showUser())
  const name = picture.data?.profile.username ?? String(userId)

  return (
    <Page
      title={name}
      about={picture.data && <Summary picture={picture.data} />}
      actions={picture.data && <Acts picture={picture.data} />}
    >
      <Loaded query={picture} lines={8}>
        {data => <Content picture={data} />}
      </Loaded>
      <title>{`${name} · ${t('frame.places.users')} · Stonechat`}</title>
    </Page>
  )
}

function Summary({ picture: { profile, account } }: { picture: Picture }) {
  const { t } = useTranslation()
  return (
    <Group gap="xs" mt={4}>
      <span>
        {t('users.id')} {profile.user_id}
      </span>
      <Copy value={String(profile.user_id)} what={t('users.id')} />
      {account.status === 1 && <Badge color="red">{t('users.banned')}</Badge>}
      <Online is={account.online} />
      {!account.online && (
        <span>
          {t('users.lastSeen')} <Ago at={account.last_seen} />
        </span>
      )}
    </Group>
  )
}

function Acts({ picture }: { picture: Picture }) {
  const { t } = useTranslation()
  const [act, setAct] = useState<UserAct>()
  const { user_id } = picture.profile
  const isBanned = picture.account.status === 1
  const unban = useAct(client => client.accounts.enable({ list: [user_id] }), {
    done: t('user.done.unban'),
    changes: ['user', 'users', 'audit'],
  })
  return (
    <>
      <Button variant="default" size="xs" onClick={() => setAct('kick')}>
        {t('user.acts.kick')}
      </Button>
      {isBanned ? (
        <Button size="xs" loading={unban.isPending} onClick={() => unban.tell(undefined)}>
          {t('user.acts.unban')}
        </Button>
      ) : (
        <Button color="red" size="xs" leftSection={<Icon name="ban" size={14} />} onClick={() => setAct('ban')}>
          {t('user.acts.ban')}
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" size="xs" px="xs" aria-label={t('user.more')}>
            <Icon name="more" size={16} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setAct('password')}>{t('user.acts.password')}</Menu.Item>
          <Menu.Item color="red" onClick={() => setAct('delete')}>
            {t('user.acts.delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {act && <UserActDialog act={act} picture={picture} close={() => setAct(undefined)} />}
    </>
  )
}

function Content({ picture }: { picture: Picture }) {
  const { t } = useTranslation()
  const { tab = 'profile' } = route.useSearch()
  const navigate = route.useNavigate()
  const Shown = contents[tab]
  return (
    <Tabs
      value={tab}
      keepMounted={false}
      onChange={value => {
        const chosen = tabs.find(each => each === value)
        navigate({ search: chosen && chosen !== 'profile' ? { tab: chosen } : {}, replace: true })
      }}
    >
      <div className="scroll">
        <Tabs.List style={{ flexWrap: 'nowrap', minWidth: 'max-content' }}>
          {tabs.map(each => (
            <Tabs.Tab key={each} value={each}>
              {t(`user.tabs.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </div>
      <Tabs.Panel value={tab} pt="md">
        <Shown picture={picture} />
      </Tabs.Panel>
    </Tabs>
  )
}
