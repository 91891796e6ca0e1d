import { Button, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon, type IconName } from './icon.tsx'

/** Nothing there yet: what would be here, and what to do about it. */
export function NoneYet({ icon, title, children }: { icon: IconName; title: string; children?: ReactNode }) {
  return (
    <Stack align="center" gap="xs" py="xl" ta="center">
      <Text c="dimmed" component="span">
        <Icon name={icon} size={40} />
      </Text>
      <Text fw={600}>{title}</Text>
      <Text component="div" size="sm" c="dimmed" maw={480}>
        {children}
      </Text>
    </Stack>
  )
}

/** There are some, but none that the filters let through. */
export function NoMatch({ clear }: { clear: () => void }) {
  const { t } = useTranslation()
  return (
    <Stack align="center" gap="xs" py="xl" ta="center">
      <Text c="dimmed" component="span">
        <Icon name="search" size={40} />
      </Text>
      <Text fw={600}>{t('parts.noMatch')}</Text>
      <Button variant="default" size="xs" onClick={clear}>
        {t('parts.clearFilters')}
      </Button>
    </Stack>
  )
}
