import { Anchor, Badge, Group, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Client } from '../../client/index.ts'
import { Ago, Moment } from '../parts/moment.tsx'
import { Online, Platforms } from '../parts/presence.tsx'
import type { Column } from '../parts/table.tsx'

type Found = Awaited<ReturnType<Client['users']['searchUsers']>>['data'][number]

/** Avatars are never loaded: their addresses are the users' own. */
export function useUserColumns(): Column<Found>[] {
  const { t } = useTranslation()
  return useMemo(
    () => [
      {
        id: 'username',
        title: t('users.username'),
        cell: ({ user_id, username, status }) => (
          <Group gap="xs" wrap="nowrap">
            <Anchor component={Link} to={`/users/${user_id}`} fw={600} size="sm">
              {username}
            </Anchor>
            {status === 1 && <Badge color="red">{t('users.banned')}</Badge>}
          </Group>
        ),
      },
      { id: 'user_id', title: t('users.id'), cell: ({ user_id }) => user_id, isNumber: true },
      { id: 'nick_name', title: t('users.nickname'), cell: ({ nick_name }) => nick_name },
      { id: 'mobile', title: t('users.mobile'), cell: ({ mobile }) => mobile },
      { id: 'email', title: t('users.email'), cell: ({ email }) => email },
      { id: 'online', title: t('users.presence'), cell: ({ online }) => <Online is={online} /> },
      {
        id: 'last_seen',
        title: t('users.lastSeen'),
        cell: ({ last_seen, online }) => (
          <Text span size="sm">
            {online ? t('users.now') : <Ago at={last_seen} />}
          </Text>
        ),
      },
      { id: 'platforms', title: t('users.platforms'), cell: ({ platforms }) => <Platforms of={platforms} /> },
      { id: 'registered_at', title: t('users.registered'), cell: ({ registered_at }) => <Moment at={registered_at} /> },
    ],
    [t],
  )
}
