import { Badge, Button, Card, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Confirm } from '../parts/confirm.tsx'
import { NoneYet } from '../parts/empty.tsx'
import { Facts } from '../parts/facts.tsx'
import { Ago, Moment } from '../parts/moment.tsx'
import { Online, usePlatform } from '../parts/presence.tsx'
import { useAct } from '../session/call.ts'
import type { Picture } from './user.tsx'

type Device = Picture['devices'][number]
type DeviceAct = 'kick' | 'remove' | 'unbind'

export function DevicesTab({ picture }: { picture: Picture }) {
  const { t } = useTranslation()
  if (picture.devices.length === 0)
    return (
      <NoneYet icon="users" title={t('user.noDevices')}>
        {t('user.noDevicesAbout')}
      </NoneYet>
    )
  return (
    <Stack>
      {picture.devices.map(device => (
        <DeviceCard key={device.device_sn} device={device} picture={picture} />
      ))}
      {picture.events.length > 0 && (
        <Facts
          title={t('user.endings')}
          facts={picture.events.map(({ at, kind, device_sn }) => [
            `${t('user.device', { sn: device_sn || t('parts.all') })} · ${kind}`,
            <Moment key={at} at={at} />,
          ])}
        />
      )}
    </Stack>
  )
}

function DeviceCard({ device, picture }: { device: Device; picture: Picture }) {
  const { t } = useTranslation()
  const platform = usePlatform()
  const [act, setAct] = useState<DeviceAct>()
  const session = picture.sessions.find(({ device_sn }) => device_sn === device.device_sn)
  const name = t('user.device', { sn: device.device_sn })

  return (
    <Card component="section" aria-label={name}>
      <Group justify="space-between" gap="xs" mb="xs">
        <Group gap="xs">
          <Text component="h2" fw={650}>
            {name} · {platform(device.platform)}
          </Text>
          <Online is={device.connected} />
          {!device.signed_in && <Badge color="gray">{t('user.signedOut')}</Badge>}
        </Group>
        <Group gap={4}>
          {device.bindings.length > 0 && (
            <Button size="compact-sm" variant="default" onClick={() => setAct('unbind')}>
              {t('user.deviceActs.unbind')}
            </Button>
          )}
          {device.signed_in && (
            <Button size="compact-sm" variant="default" onClick={() => setAct('kick')}>
              {t('user.deviceActs.kick')}
            </Button>
          )}
          <Button size="compact-sm" variant="outline" color="red" onClick={() => setAct('remove')}>
            {t('user.deviceActs.remove')}
          </Button>
        </Group>
      </Group>
      <dl className="facts">
        <Fact name={t('user.userAgent')}>{device.user_agent || '–'}</Fact>
        <Fact name={t('user.guid')}>
          <span className="mono">{device.device_guid || '–'}</span>
        </Fact>
        <Fact name={t('user.firstSeen')}>
          <Moment at={device.created_at} />
        </Fact>
        <Fact name={t('users.lastSeen')}>{device.connected ? t('users.now') : <Ago at={device.seen_at} />}</Fact>
        {session && (
          <Fact name={t('user.sessionUntil')}>
            <Moment at={session.expires_at} />
          </Fact>
        )}
        {device.bindings.map(binding => (
          <Fact key={binding.notifier_name} name={t('user.binding')}>
            {binding.notifier_name} ({binding.provider}){' '}
            {binding.dead_at ? (
              <Badge color="red">{t('user.dead', { reason: binding.dead_reason })}</Badge>
            ) : (
              <Badge color="teal">{t('user.alive')}</Badge>
            )}
          </Fact>
        ))}
      </dl>
      {act && (
        <DeviceDialog act={act} device={device} userId={picture.profile.user_id} close={() => setAct(undefined)} />
      )}
    </Card>
  )
}

const Fact = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

interface DialogProps {
  act: DeviceAct
  device: Device
  userId: number
  close: () => void
}

function DeviceDialog({ act, device: { device_sn }, userId, close }: DialogProps) {
  const { t } = useTranslation()
  const { perform } = useAct(
    client => {
      const { devices } = client.actingFor(userId)
      if (act === 'kick') return devices.kick({ device_sn })
      return act === 'remove' ? devices.removeDevice({ device_sn }) : devices.unbindDeviceToken({ deviceSn: device_sn })
    },
    { done: t(`user.deviceDone.${act}`), changes: ['user', 'audit'] },
  )
  return (
    <Confirm
      title={`${t(`user.deviceActs.${act}`)} · ${t('user.device', { sn: device_sn })}`}
      act={t(`user.deviceActs.${act}`)}
      perform={() => perform(undefined)}
      close={close}
    >
      <Text size="sm">{t(`user.deviceMeans.${act}`)}</Text>
    </Confirm>
  )
}
