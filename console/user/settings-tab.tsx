import { Button, Card, Group, Select, SimpleGrid, Stack, Switch, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Facts } from '../parts/facts.tsx'
import { useAct } from '../session/call.ts'
import { LocalTime } from './local-time.tsx'
import type { Picture } from './user.tsx'

const hours = Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), label: `${hour}:00` }))

/** Pushes can be set here, since that is what support is asked for; all else is the user's own choice. */
export function SettingsTab({ picture: { settings, profile } }: { picture: Picture }) {
  const { t } = useTranslation()
  const [noPush, setNoPush] = useState(settings.no_push)
  const [noDetail, setNoDetail] = useState(settings.no_push_detail)
  const [start, setStart] = useState(settings.no_push_start_hour)
  const [end, setEnd] = useState(settings.no_push_end_hour)
  const [zone, setZone] = useState(settings.time_zone)
  const { tell, isPending } = useAct(
    client =>
      client.actingFor(profile.user_id).settings.setSettings({
        user_id: profile.user_id,
        no_push: noPush,
        no_push_detail: noDetail,
        no_push_start_hour: start,
        no_push_end_hour: end,
        time_zone: zone,
      }),
    { done: t('parts.saved'), changes: ['user', 'audit'] },
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    tell(undefined)
  }
  const yesNo = (flag: boolean) => (flag ? t('parts.yes') : t('parts.no'))

  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} className="tops">
      <Card component="form" onSubmit={submit}>
        <Stack gap="sm">
          <Text component="h2" fw={650}>
            {t('user.pushSettings')}
          </Text>
          <Switch
            label={t('user.noPush')}
            checked={noPush}
            onChange={({ currentTarget }) => setNoPush(currentTarget.checked)}
          />
          <Switch
            label={t('user.noDetail')}
            checked={noDetail}
            onChange={({ currentTarget }) => setNoDetail(currentTarget.checked)}
          />
          <Group grow align="flex-start">
            <Select
              label={t('user.quietFrom')}
              data={hours}
              value={String(start)}
              onChange={value => setStart(Number(value))}
            />
            <Select
              label={t('user.quietUntil')}
              data={hours}
              value={String(end)}
              onChange={value => setEnd(Number(value))}
            />
          </Group>
          <Select
            searchable
            clearable
            label={t('user.zone')}
            description={t('user.zoneAbout')}
            placeholder={t('user.zoneOfApp')}
            data={Intl.supportedValuesOf('timeZone')}
            limit={100}
            value={zone || null}
            clearButtonProps={{ 'aria-label': t('user.zoneOfApp') }}
            onChange={value => setZone(value ?? '')}
          />
          <LocalTime zone={zone} start={start} end={end} />
          <Group>
            <Button type="submit" loading={isPending}>
              {t('parts.save')}
            </Button>
          </Group>
        </Stack>
      </Card>
      <Facts
        title={t('user.otherSettings')}
        facts={[
          [t('user.pushNickname'), settings.push_nick_name],
          [t('user.badge'), settings.badge],
          [t('user.authMode'), t(`user.authModes.${authModes[settings.auth_mode] ?? 'none'}`)],
          [t('user.authQuestion'), settings.auth_question],
          [t('user.groupConfirm'), yesNo(settings.group_confirm)],
          [t('user.autoDownload'), yesNo(settings.auto_download)],
          [t('user.noSounds'), yesNo(settings.no_sounds)],
          [t('user.vibratory'), yesNo(settings.vibratory)],
        ]}
      />
    </SimpleGrid>
  )
}

const authModes = ['none', 'consent', 'question', 'refuse'] as const
