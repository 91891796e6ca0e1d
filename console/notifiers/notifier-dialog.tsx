import { Select, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Confirm } from '../parts/confirm.tsx'
import { useAct } from '../session/call.ts'
import { Credentials } from './credentials.tsx'
import type { Notifier } from './notifiers.tsx'
import { given, providers } from './providers.ts'

/** Makes a notifier, or gives one new credentials. The service checks them before it stores them. */
export function NotifierDialog({ notifier, close }: { notifier?: Notifier; close: () => void }) {
  const { t } = useTranslation()
  const [name, setName] = useState(notifier?.name ?? '')
  const [provider, setProvider] = useState(notifier?.provider ?? 'capture')
  const [environment, setEnvironment] = useState(notifier?.environment ?? 1)
  const [credentials, setCredentials] = useState<Record<string, string>>({})
  const { perform } = useAct(
    client => {
      const filled = given(credentials)
      const common = { name: name.trim(), environment, ...(Object.keys(filled).length > 0 && { credentials: filled }) }
      return notifier
        ? client.notifiers.changeNotifier(common)
        : client.notifiers.createNotifier({ ...common, provider })
    },
    { done: t('parts.saved'), changes: ['notifiers', 'overview', 'audit'] },
  )
  return (
    <Confirm
      title={notifier ? t('notifiers.rotateOf', { name: notifier.name }) : t('notifiers.create')}
      act={notifier ? t('parts.save') : t('notifiers.create')}
      color="tide"
      isReady={name.trim() !== ''}
      perform={() => perform(undefined)}
      close={close}
    >
      <Stack gap="sm">
        {!notifier && (
          <>
            <TextInput
              data-autofocus
              required
              maxLength={64}
              label={t('notifiers.name')}
              description={t('notifiers.nameAbout')}
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
            />
            <Select
              label={t('notifiers.provider')}
              data={Object.keys(providers)}
              value={provider}
              onChange={value => {
                setProvider(value ?? 'capture')
                setCredentials({})
              }}
            />
          </>
        )}
        <Select
          label={t('notifiers.environment')}
          data={[
            { value: '1', label: t('notifiers.production') },
            { value: '0', label: t('notifiers.development') },
          ]}
          value={String(environment)}
          onChange={value => setEnvironment(Number(value))}
        />
        <Credentials
          provider={provider}
          values={credentials}
          change={setCredentials}
          isRotation={notifier !== undefined}
        />
        <Text size="sm" c="dimmed">
          {t('notifiers.checked')}
        </Text>
      </Stack>
    </Confirm>
  )
}
