import { Button, Group, Select, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from './icon.tsx'

interface Props {
  /** Where the page before begins; undefined on the first. */
  before: (() => void) | undefined
  after: (() => void) | undefined
  size: number
  sizes: number[]
  resize: (size: number) => void
  /** How many there are, about. */
  children?: ReactNode
}

/** From page to page by where they begin, so that the last is as quick as the first. */
export function Pager({ before, after, size, sizes, resize, children }: Props) {
  const { t } = useTranslation()
  return (
    <Group justify="space-between" gap="sm">
      <Text component="div" size="sm" c="dimmed">
        {children}
      </Text>
      <Group gap="xs">
        <Select
          size="xs"
          w={120}
          aria-label={t('parts.pageSize')}
          value={String(size)}
          data={sizes.map(each => ({ value: String(each), label: t('parts.perPage', { count: each }) }))}
          onChange={value => resize(Number(value))}
        />
        <Button
          size="xs"
          variant="default"
          disabled={!before}
          onClick={before}
          leftSection={<Icon name="left" size={14} />}
        >
          {t('parts.previous')}
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={!after}
          onClick={after}
          rightSection={<Icon name="right" size={14} />}
        >
          {t('parts.next')}
        </Button>
      </Group>
    </Group>
  )
}
