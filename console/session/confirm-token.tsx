import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../parts/dialog.tsx'
import { Failure } from '../parts/failure.tsx'
import { confirm } from './doors.ts'

/** Asks for the token again before a privileged act; the act goes on where it waited. */
export default function ConfirmToken({ answered }: { answered: (isConfirmed: boolean) => void }) {
  const { t, i18n } = useTranslation()
  const [token, setToken] = useState('')
  const [failure, setFailure] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setFailure(undefined)
    try {
      await confirm(token.trim(), i18n.language === 'zh' ? 'zh' : 'en')
      answered(true)
    } catch (error) {
      setFailure(error)
      setBusy(false)
    }
  }

  return (
    <Dialog zIndex={1000} onClose={() => answered(false)} title={t('session.again')}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text size="sm">{t('session.againWhy')}</Text>
          <PasswordInput
            data-autofocus
            required
            label={t('session.token')}
            autoComplete="off"
            visibilityToggleButtonProps={{ 'aria-label': t('session.showToken') }}
            value={token}
            onChange={({ currentTarget }) => setToken(currentTarget.value)}
          />
          {failure !== undefined && <Failure error={failure} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={() => answered(false)}>
              {t('parts.cancel')}
            </Button>
            <Button type="submit" loading={isBusy} disabled={token.trim() === ''}>
              {t('session.goOn')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
