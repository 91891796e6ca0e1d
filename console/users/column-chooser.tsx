import { Button, Checkbox, Popover, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../parts/icon.tsx'

const kept = 'stonechat-users-hidden'
const atFirst = ['email', 'platforms']

export function useHiddenColumns(): [string[], (hidden: string[]) => void] {
  const [hidden, setHidden] = useState<string[]>(
    () => localStorage.getItem(kept)?.split(',').filter(Boolean) ?? atFirst,
  )
  return [
    hidden,
    chosen => {
      localStorage.setItem(kept, chosen.join(','))
      setHidden(chosen)
    },
  ]
}

interface Props {
  columns: { id: string; title: string }[]
  hidden: string[]
  change: (hidden: string[]) => void
}

/** The first column stays: it is the way to the user. */
export function ColumnChooser({ columns, hidden, change }: Props) {
  const { t } = useTranslation()
  return (
    <Popover position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" size="xs" leftSection={<Icon name="columns" size={14} />}>
          {t('users.columns')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('users.columns')}>
        <Stack gap="xs">
          {columns.slice(1).map(({ id, title }) => (
            <Checkbox
              key={id}
              size="xs"
              label={title}
              checked={!hidden.includes(id)}
              onChange={({ currentTarget }) =>
                change(currentTarget.checked ? hidden.filter(each => each !== id) : [...hidden, id])
              }
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
