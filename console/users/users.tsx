import { Button, Card, Group, Text } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { NoMatch, NoneYet } from '../parts/empty.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { Pager } from '../parts/pager.tsx'
import { usePages } from '../parts/pages.ts'
import { useSelection } from '../parts/selection.ts'
import { DataTable } from '../parts/table.tsx'
import { useCall } from '../session/call.ts'
import { BulkActs } from './bulk-acts.tsx'
import { ColumnChooser, useHiddenColumns } from './column-chooser.tsx'
import { useUserColumns } from './columns.tsx'
import { Filters } from './filters.tsx'
import { filterOf, type UsersSearch } from './search.ts'

const route = getRouteApi('/users')
const keyOf = ({ user_id }: { user_id: number }) => String(user_id)
const nameOf = ({ username }: { username: string }) => username

export function Users() {
  const { t } = useTranslation()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { cursor, size = 50 } = search
  const filter = useMemo(() => filterOf(search), [search])
  const isFiltered = Object.keys(filter).length > 0
  const found = useCall(
    ['users', filter, cursor, size],
    client => client.users.searchUsers({ ...filter, page_size: size, ...(cursor && { cursor }) }),
    { keep: true },
  )
  const count = useCall(['users-count', filter], client => client.users.countUsers(filter))
  const columns = useUserColumns()
  const [hidden, setHidden] = useHiddenColumns()
  const selection = useSelection()
  const [round, setRound] = useState(0)

  const narrow = (changes: Partial<UsersSearch>) => {
    selection.clear()
    navigate({
      search: ({ size: kept, ...old }) => ({ ...filterOf(old), ...(kept && { size: kept }), ...changes }),
      replace: true,
    })
  }
  const clear = () => {
    setRound(round + 1)
    navigate({ search: {} })
  }
  const { before, after } = usePages(cursor, found.data?.cursor, place =>
    navigate({ search: ({ cursor: _, ...old }) => ({ ...old, ...(place && { cursor: place }) }) }),
  )

  return (
    <Page
      title={t('frame.places.users')}
      actions={
        <>
          <Button component={Link} to="/jobs" variant="default" size="xs">
            {t('frame.places.jobs')}
          </Button>
          <ColumnChooser columns={columns} hidden={hidden} change={setHidden} />
        </>
      }
    >
      <Filters key={round} search={search} narrow={narrow} {...(isFiltered && { clear })} />
      <BulkActs selection={selection} filter={filter} found={count.data} />
      <Card padding={0}>
        <Loaded query={found} lines={8}>
          {({ data }) => {
            if (data.length === 0 && !cursor && !found.data?.cursor)
              return isFiltered ? (
                <NoMatch clear={clear} />
              ) : (
                <NoneYet icon="users" title={t('users.none')}>
                  {t('users.noneAbout')}
                </NoneYet>
              )
            return (
              <DataTable
                caption={t('frame.places.users')}
                columns={columns}
                rows={data}
                keyOf={keyOf}
                nameOf={nameOf}
                hidden={hidden}
                selection={selection}
              />
            )
          }}
        </Loaded>
      </Card>
      <Pager
        before={before}
        after={after}
        size={size}
        sizes={[20, 50, 100, 200]}
        resize={value => narrow({ size: value })}
      >
        <Group gap="xs">
          {count.data && (
            <Text component="span" size="sm">
              {t(count.data.exact ? 'users.count' : 'users.countAtLeast', { count: count.data.users })}
            </Text>
          )}
          {found.data?.data.length === 0 && found.data.cursor && <span>{t('users.goOn')}</span>}
        </Group>
      </Pager>
    </Page>
  )
}
