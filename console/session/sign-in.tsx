import {
  Alert,
  Button,
  Card,
  Center,
  Group,
  PasswordInput,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Preferences } from '../frame/preferences.tsx'
import { Failure } from '../parts/failure.tsx'
import { Mark } from '../parts/mark.tsx'
import { useDoor } from './session.tsx'

const lastApp = 'stonechat-last-app'

/** With an admin token and its app, or with an operator token. Tokens are never kept in the browser. */
export function SignIn() {
  const { t } = useTranslation()
  const { signIn, isOver } = useDoor()
  const [kind, setKind] = useState('admin')
  const [appId, setAppId] = useState(() => localStorage.getItem(lastApp) ?? '')
  const [token, setToken] = useState('')
  const [failure, setFailure] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  useDocumentTitle(`${t('session.signIn')} · Stonechat`)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setFailure(undefined)
    try {
      if (kind === 'admin') localStorage.setItem(lastApp, appId.trim())
      await signIn({ appId: kind === 'admin' ? appId.trim() : '', token: token.trim() })
    } catch (error) {
      setFailure(error)
      setBusy(false)
    }
  }

  return (
    <Center component="main" mih="100vh" p="md">
      <Stack w="100%" maw={400} gap="lg">
        <Group justify="space-between">
          <Group gap="sm">
            <Mark size={36} />
            <Title order={1}>Stonechat</Title>
          </Group>
          <Preferences />
        </Group>
        {isOver && (
          <Alert color="yellow" role="status">
            {t('session.over')}
          </Alert>
        )}
        <Card padding="lg" component="form" onSubmit={submit}>
          <Stack gap="md">
            <SegmentedControl
              fullWidth
              aria-label={t('session.as')}
              value={kind}
              onChange={setKind}
              data={[
                { value: 'admin', label: t('session.admin') },
                { value: 'operator', label: t('session.operator') },
              ]}
            />
            <Text size="sm" c="dimmed">
              {kind === 'admin' ? t('session.aboutAdmin') : t('session.aboutOperator')}
            </Text>
            {kind === 'admin' && (
              <TextInput
                required
                label={t('session.appId')}
                value={appId}
                spellCheck={false}
                onChange={({ currentTarget }) => setAppId(currentTarget.value)}
              />
            )}
            <PasswordInput
              required
              label={t('session.token')}
              autoComplete="off"
              visibilityToggleButtonProps={{ 'aria-label': t('session.showToken') }}
              value={token}
              onChange={({ currentTarget }) => setToken(currentTarget.value)}
            />
            {failure !== undefined && <Failure error={failure} />}
            <Button type="submit" fullWidth loading={isBusy}>
              {t('session.signIn')}
            </Button>
          </Stack>
        </Card>
        <Text size="xs" c="dimmed" ta="center">
          {t('session.hint')}
        </Text>
      </Stack>
    </Center>
  )
}
