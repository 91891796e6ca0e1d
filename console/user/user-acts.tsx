import { Checkbox, PasswordInput, Stack, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Client } from '../../client/index.ts'
import { Confirm } from '../parts/confirm.tsx'
import { useAct } from '../session/call.ts'
import type { Picture } from './user.tsx'

export type UserAct = 'ban' | 'kick' | 'password' | 'delete'

interface Props {
  act: UserAct
  picture: Picture
  close: () => void
}

/** Asks before what ends sessions, and says what it will do. */
export function UserActDialog({ act, picture, close }: Props) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [password, setPassword] = useState('')
  const [mustChange, setMustChange] = useState(true)
  const { user_id, username } = picture.profile
  const acts: Record<UserAct, (client: Client) => Promise<unknown>> = {
    ban: client => client.accounts.disable({ list: [user_id] }),
    kick: client => client.actingFor(user_id).devices.kick(),
    password: client => client.actingFor(user_id).accounts.changePasswordAdmin({ password, must_change: mustChange }),
    delete: client => client.actingFor(user_id).accounts.deleteUser(),
  }
  const { perform } = useAct((client, chosen: UserAct) => acts[chosen](client), {
    done: t(`user.done.${act}`),
    changes: act === 'delete' ? ['users', 'audit'] : ['user', 'users', 'audit'],
  })

  return (
    <Confirm
      title={t(`user.acts.${act}`)}
      act={t(`user.acts.${act}`)}
      color={act === 'password' ? 'tide' : 'red'}
      {...(act === 'delete' && { word: username })}
      isReady={act !== 'password' || password !== ''}
      perform={async () => {
        await perform(act)
        if (act === 'delete') await navigate({ to: '/users' })
      }}
      close={close}
    >
      <Stack gap="sm">
        <Text size="sm">{t(`user.means.${act}`, { name: username })}</Text>
        {act === 'password' && (
          <>
            <PasswordInput
              data-autofocus
              required
              label={t('user.newPassword')}
              autoComplete="new-password"
              visibilityToggleButtonProps={{ 'aria-label': t('user.showPassword') }}
              value={password}
              onChange={({ currentTarget }) => setPassword(currentTarget.value)}
            />
            <Checkbox
              label={t('user.mustChange')}
              checked={mustChange}
              onChange={({ currentTarget }) => setMustChange(currentTarget.checked)}
            />
          </>
        )}
      </Stack>
    </Confirm>
  )
}
