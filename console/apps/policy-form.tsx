import {
  Button,
  Card,
  Group,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  TagsInput,
  TextInput,
} from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAct } from '../session/call.ts'
import type { App } from './apps.tsx'

export function PolicyForm({ app, close }: { app: App; close: () => void }) {
  const { t } = useTranslation()
  const [policy, setPolicy] = useState(app)
  const set = (changes: Partial<App>) => setPolicy({ ...policy, ...changes })
  const { tell, isPending } = useAct(
    client => {
      const { app_id: _, users: __, created_at: ___, ...wanted } = policy
      return client.apps.setApp(wanted).then(close)
    },
    { done: t('parts.saved'), changes: ['apps', 'audit'] },
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    tell(undefined)
  }
  const number = (name: 'user_cap' | 'device_cap' | 'password_minimum' | 'token_days', label: string, min: number) => (
    <NumberInput
      label={label}
      min={min}
      allowDecimal={false}
      value={policy[name]}
      onChange={value => set({ [name]: Number(value) })}
    />
  )

  return (
    <Card component="form" onSubmit={submit}>
      <Stack>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            required
            maxLength={64}
            label={t('apps.name')}
            value={policy.name}
            onChange={({ currentTarget }) => set({ name: currentTarget.value })}
          />
          <Select
            label={t('apps.registration')}
            data={[
              { value: 'open', label: t('apps.open') },
              { value: 'closed', label: t('apps.closed') },
            ]}
            value={policy.registration}
            onChange={value => set({ registration: value ?? 'open' })}
          />
          {number('user_cap', t('apps.userCap'), 0)}
          {number('device_cap', t('apps.deviceCap'), 1)}
          {number('password_minimum', t('apps.passwordMinimum'), 1)}
          {number('token_days', t('apps.tokenDays'), 1)}
          <Select
            searchable
            label={t('apps.zone')}
            data={[...new Set([policy.time_zone, 'UTC', ...Intl.supportedValuesOf('timeZone')])]}
            limit={100}
            value={policy.time_zone}
            onChange={value => value && set({ time_zone: value })}
          />
          <TagsInput
            label={t('apps.origins')}
            placeholder="https://chat.example.com"
            value={policy.origins}
            onChange={origins => set({ origins })}
          />
        </SimpleGrid>
        <Switch
          label={t('apps.push')}
          checked={policy.push}
          onChange={({ currentTarget }) => set({ push: currentTarget.checked })}
        />
        <Switch
          label={t('apps.pushSignature')}
          checked={policy.push_signature}
          onChange={({ currentTarget }) => set({ push_signature: currentTarget.checked })}
        />
        <Switch
          label={t('apps.frozen')}
          description={t('apps.frozenAbout')}
          checked={policy.frozen}
          onChange={({ currentTarget }) => set({ frozen: currentTarget.checked })}
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
    </Card>
  )
}
