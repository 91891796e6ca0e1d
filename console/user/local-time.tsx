import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** What the clock of the user says, and whether that is within the quiet hours. */
export function LocalTime({ zone, start, end }: { zone: string; start: number; end: number }) {
  const { t, i18n } = useTranslation()
  if (zone === '')
    return (
      <Text size="sm" c="dimmed">
        {t('user.quietByApp')}
      </Text>
    )
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: 'short', timeZone: zone, hourCycle: 'h23' }).format()
  const hour = Number(new Intl.DateTimeFormat('en', { hour: 'numeric', timeZone: zone, hourCycle: 'h23' }).format())
  const isQuiet = start <= end ? hour >= start && hour < end : hour >= start || hour < end
  return (
    <Text size="sm" c="dimmed">
      {t('user.localTime', { time })} {isQuiet ? t('user.isQuiet') : t('user.isNotQuiet')}
    </Text>
  )
}
