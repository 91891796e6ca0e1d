import { Alert, Button, Group, NumberInput, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Confirm } from '../parts/confirm.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Once } from '../parts/once.tsx'
import { useAct } from '../session/call.ts'
import type { TokenKind } from './tokens.tsx'

export function NewToken({ kind, close }: { kind: TokenKind; close: () => void }) {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  const [days, setDays] = useState<number | string>(90)
  const [token, setToken] = useState<string>()
  const { perform } = useAct(
    async client => {
      const wanted = { name: name.trim(), days: Number(days) }
      const made =
        kind === 'admin'
          ? await client.credentials.createAdminToken(wanted)
          : await client.credentials.createOperatorToken(wanted)
      setToken(made.token)
    },
    { changes: ['tokens', 'audit'] },
  )
  if (token !== undefined)
    return (
      <Dialog onClose={close} title={t('tokens.made', { name })} closeOnClickOutside={false}>
        <Stack>
          <Alert color="yellow">{t('tokens.once')}</Alert>
          <Once name={t('session.token')} value={token} />
          <Group justify="flex-end">
            <Button onClick={close}>{t('tokens.kept')}</Button>
          </Group>
        </Stack>
      </Dialog>
    )
  return (
    <Confirm
      title={t(`tokens.create.${kind}`)}
      act={t('tokens.make')}
      color="tide"
      isReady={name.trim() !== '' && Number(days) >= 1}
      perform={() => perform(undefined)}
      // The token that was made takes the place of this dialog.
      close={() => undefined}
      cancel={close}
    >
      <Stack gap="sm">
        <Text size="sm">{t(`tokens.means.${kind}`)}</Text>
        <TextInput
          data-autofocus
          required
          maxLength={64}
          label={t('tokens.name')}
          description={t('tokens.nameAbout')}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <NumberInput label={t('tokens.days')} min={1} max={3650} value={days} onChange={setDays} />
      </Stack>
    </Confirm>
  )
}
