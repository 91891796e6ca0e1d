import { Group, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'

interface Props {
  title: string
  /** Below the title: what this page is for, or what is known of its subject. */
  about?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

/** The frame of every screen: one heading, what one can do, and the content. */
export function Page({ title, about, actions, children }: Props) {
  useDocumentTitle(`${title} · Stonechat`)
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start" gap="sm">
        <div>
          <Title order={1}>{title}</Title>
          {about && (
            <Text component="div" c="dimmed" size="sm">
              {about}
            </Text>
          )}
        </div>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  )
}
