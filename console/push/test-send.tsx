import { Alert, Button, Group, NumberInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Client } from '../../client/index.ts'
import { useAct } from '../session/call.ts'
import type { Message } from './draft.ts'

type Outcome = Awaited<ReturnType<Client['insight']['testPush']>>

/** To one device, the real way, and says what came of it. */
export function TestSend({ message }: { message: Message }) {
  const { t, i18n } = useTranslation()
  const [user, setUser] = useState<number | string>('')
  const [device, setDevice] = useState<number | string>('')
  const [outcome, setOutcome] = useState<Outcome>()
  const { tell, isPending } = useAct(
    async client => {
      setOutcome(undefined)
      const { show_begin_time: _, show_end_time: __, ...now } = message
      setOutcome(await client.insight.testPush({ user_id: Number(user), device_sn: Number(device), message: now }))
    },
    { changes: ['audit'] },
  )
  return (
    <div>
      <Group gap="xs" align="flex-end">
        <NumberInput size="xs" w={140} hideControls label={t('composer.testUser')} value={user} onChange={setUser} />
        <NumberInput
          size="xs"
          w={110}
          hideControls
          label={t('composer.testDevice')}
          value={device}
          onChange={setDevice}
        />
        <Button
          size="xs"
          variant="default"
          disabled={!Number(user) || !Number(device)}
          loading={isPending}
          onClick={() => tell(undefined)}
        >
          {t('composer.test')}
        </Button>
      </Group>
      <div role="status">
        {outcome && (
          <Alert
            mt="sm"
            color={outcome.device.state === 'sent' || outcome.device.state === 'received' ? 'teal' : 'yellow'}
          >
            {t('composer.tested', { state: outcome.device.state, count: outcome.milliseconds })}{' '}
            {outcome.device.reasons.map(({ en, zh }) => (i18n.language === 'zh' ? zh : en)).join(' ')}
          </Alert>
        )}
      </div>
    </div>
  )
}
