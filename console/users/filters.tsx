import { Button, Group, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DayFilter } from '../parts/day-filter.tsx'
import { Icon } from '../parts/icon.tsx'
import { usePlatform } from '../parts/presence.tsx'
import { fields, type UsersSearch } from './search.ts'

interface Props {
  search: UsersSearch
  narrow: (changes: Partial<UsersSearch>) => void
  clear?: () => void
}

const numberOf = (value: string | null) => (value === null || value === '' ? undefined : Number(value))

/** Everything stands in the address, so that it can be sent to somebody else. */
export function Filters({ search, narrow, clear }: Props) {
  const { t } = useTranslation()
  const platform = usePlatform()
  const [typed, setTyped] = useState(search.q ?? '')
  const later = useDebouncedCallback((q: string) => narrow({ q: q.trim() || undefined } as Partial<UsersSearch>), 250)
  const set = (changes: { [Key in keyof UsersSearch]: UsersSearch[Key] | undefined }) =>
    narrow(changes as Partial<UsersSearch>)

  return (
    <Group gap="xs" align="flex-end">
      <TextInput
        type="search"
        size="xs"
        miw={220}
        flex={1}
        maw={360}
        label={t('users.search')}
        placeholder={t('users.searchHint')}
        leftSection={<Icon name="search" size={14} />}
        value={typed}
        onChange={({ currentTarget: { value } }) => {
          setTyped(value)
          later(value)
        }}
      />
      <Select
        size="xs"
        w={140}
        label={t('users.in')}
        value={search.field ?? 'any'}
        data={fields.map(field => ({ value: field, label: t(`users.fields.${field}`) }))}
        onChange={value => set({ field: value === 'any' ? undefined : fields.find(field => field === value) })}
      />
      <Select
        size="xs"
        w={120}
        label={t('users.status')}
        value={search.status === undefined ? '' : String(search.status)}
        data={[
          { value: '', label: t('parts.all') },
          { value: '0', label: t('users.normal') },
          { value: '1', label: t('users.banned') },
        ]}
        onChange={value => set({ status: numberOf(value) })}
      />
      <Select
        size="xs"
        w={120}
        label={t('users.presence')}
        value={search.online === undefined ? '' : String(search.online)}
        data={[
          { value: '', label: t('parts.all') },
          { value: 'true', label: t('parts.online') },
          { value: 'false', label: t('parts.offline') },
        ]}
        onChange={value => set({ online: value === '' || value === null ? undefined : value === 'true' })}
      />
      <Select
        size="xs"
        w={120}
        label={t('users.platform')}
        value={search.platform === undefined ? '' : String(search.platform)}
        data={[
          { value: '', label: t('parts.all') },
          ...[1, 2, 3, 4, 5, 6].map(each => ({ value: String(each), label: platform(each) })),
        ]}
        onChange={value => set({ platform: numberOf(value) })}
      />
      <DayFilter
        label={t('users.registeredFrom')}
        at={search.registered_from}
        change={at => set({ registered_from: at })}
      />
      <DayFilter
        label={t('users.registeredUntil')}
        at={search.registered_until}
        isEnd
        change={at => set({ registered_until: at })}
      />
      {clear && (
        <Button size="xs" variant="subtle" onClick={clear}>
          {t('parts.clearFilters')}
        </Button>
      )}
    </Group>
  )
}
