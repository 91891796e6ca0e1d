import { Badge, Button, Group, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Facts } from '../parts/facts.tsx'
import { Moment } from '../parts/moment.tsx'
import { useAct } from '../session/call.ts'
import type { Picture } from './user.tsx'

/** The avatar is told of, and never loaded: its address is the user's own. */
export function ProfileTab({ picture }: { picture: Picture }) {
  const { t } = useTranslation()
  const [isEditing, setEditing] = useState(false)
  const { profile, account, ban } = picture
  if (isEditing) return <EditProfile picture={picture} close={() => setEditing(false)} />
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, md: 2 }} className="tops">
        <Facts
          title={t('user.tabs.profile')}
          facts={[
            [t('users.username'), profile.username],
            [t('users.nickname'), profile.nick_name],
            [t('users.mobile'), profile.mobile],
            [t('users.email'), profile.email],
            [t('user.description'), profile.description],
            [
              t('user.avatar'),
              <span key="avatar" className="mono">
                {profile.avatar || '–'}
              </span>,
            ],
            [t('user.publicInfo'), profile.public_info],
          ]}
        />
        <Facts
          title={t('user.account')}
          facts={[
            [t('users.status'), account.status === 1 ? t('users.banned') : t('users.normal')],
            ...(ban.banned
              ? ([
                  [t('user.bannedAt'), <Moment key="at" at={ban.at} />],
                  [t('user.bannedBy'), ban.by],
                ] as [string, React.ReactNode][])
              : []),
            [t('users.registered'), <Moment key="registered" at={account.registered_at} />],
            [t('users.lastSeen'), account.online ? t('users.now') : <Moment key="seen" at={account.last_seen} />],
            [
              t('user.mustChangeFact'),
              account.must_change_password ? <Badge key="must">{t('parts.yes')}</Badge> : t('parts.no'),
            ],
          ]}
        />
      </SimpleGrid>
      <Group>
        <Button variant="default" size="xs" onClick={() => setEditing(true)}>
          {t('user.edit')}
        </Button>
      </Group>
    </Stack>
  )
}

function EditProfile({ picture: { profile }, close }: { picture: Picture; close: () => void }) {
  const { t } = useTranslation()
  const [nickname, setNickname] = useState(profile.nick_name)
  const [description, setDescription] = useState(profile.description)
  const [publicInfo, setPublicInfo] = useState(profile.public_info)
  const { tell, isPending } = useAct(
    client =>
      client
        .actingFor(profile.user_id)
        .profiles.setProfile({ nick_name: nickname, description, public_info: publicInfo })
        .then(close),
    { done: t('parts.saved'), changes: ['user', 'users', 'audit'] },
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    tell(undefined)
  }
  return (
    <form onSubmit={submit}>
      <Stack maw={560}>
        <TextInput
          label={t('users.nickname')}
          maxLength={128}
          value={nickname}
          onChange={({ currentTarget }) => setNickname(currentTarget.value)}
        />
        <Textarea
          label={t('user.description')}
          maxLength={1024}
          value={description}
          onChange={({ currentTarget }) => setDescription(currentTarget.value)}
        />
        <Textarea
          label={t('user.publicInfo')}
          value={publicInfo}
          onChange={({ currentTarget }) => setPublicInfo(currentTarget.value)}
        />
        <Group gap="xs">
          <Button type="submit" loading={isPending}>
            {t('parts.save')}
          </Button>
          <Button variant="default" onClick={close}>
            {t('parts.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
