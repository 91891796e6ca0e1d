import { Alert, Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Selection } from '../parts/selection.ts'
import { BulkDialog } from './bulk-dialog.tsx'
import type { UsersSearch } from './search.ts'

export const bulkActs = ['kick', 'ban', 'unban', 'tag', 'untag', 'export'] as const
export type BulkAct = (typeof bulkActs)[number]

/** Whom an act is about: those who are selected, or all whom the filter finds. */
export interface Meant {
  userIds: number[]
  filter: UsersSearch
  count: number
  isExact: boolean
}

interface Props {
  selection: Selection
  filter: UsersSearch
  found: { users: number; exact: boolean } | undefined
}

/** What can be done to many at once. Without a selection it is about everybody whom the filters find. */
export function BulkActs({ selection, filter, found }: Props) {
  const { t } = useTranslation()
  const [act, setAct] = useState<BulkAct>()
  const [isAll, setAll] = useState(false)
  const { keys } = selection
  if (keys.length === 0) return null
  const meant: Meant =
    isAll && found
      ? { userIds: [], filter, count: found.users, isExact: found.exact }
      : { userIds: keys.map(Number), filter, count: keys.length, isExact: true }

  return (
    <Alert color="tide" role="region" aria-label={t('users.bulk')} py="xs">
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Text size="sm" fw={600} role="status">
            {isAll && found
              ? t(found.exact ? 'users.allFound' : 'users.allFoundAtLeast', { count: found.users })
              : t('users.selected', { count: keys.length })}
          </Text>
          {found && found.users > keys.length && (
            <Button size="compact-xs" variant="subtle" onClick={() => setAll(!isAll)}>
              {isAll ? t('users.onlySelected') : t('users.takeAll')}
            </Button>
          )}
          <Button size="compact-xs" variant="subtle" onClick={selection.clear}>
            {t('users.clearSelection')}
          </Button>
        </Group>
        <Group gap={4}>
          {bulkActs.map(each => (
            <Button
              key={each}
              size="compact-sm"
              variant="default"
              {...(each === 'ban' && { color: 'red', variant: 'outline' })}
              onClick={() => setAct(each)}
            >
              {t(`jobs.acts.${each}`)}
            </Button>
          ))}
        </Group>
      </Group>
      {act && <BulkDialog act={act} meant={meant} close={() => setAct(undefined)} done={selection.clear} />}
    </Alert>
  )
}
