import { Badge, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** Online or not, by word and not by colour alone. */
export function Online({ is }: { is: boolean }) {
  const { t } = useTranslation()
  return is ? (
    <Badge color="teal">{t('parts.online')}</Badge>
  ) : (
    <Text span size="sm" c="dimmed">
      {t('parts.offline')}
    </Text>
  )
}

const platforms = ['unknown', 'ios', 'android', 'windows', 'mac', 'linux', 'web'] as const

export function usePlatform(): (number: number) => string {
  const { t } = useTranslation()
  return number => t(`parts.platforms.${platforms[number] ?? 'unknown'}`)
}

export function Platforms({ of }: { of: number[] }) {
  const name = usePlatform()
  return (
    <Group gap={4} wrap="nowrap">
      {of.map(platform => (
        <Badge key={platform} color="gray">
          {name(platform)}
        </Badge>
      ))}
    </Group>
  )
}
