import { Button, Card, Group, NumberInput, TextInput } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DayFilter } from '../parts/day-filter.tsx'
import { NoMatch, NoneYet } from '../parts/empty.tsx'
import { Icon } from '../parts/icon.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { Pager } from '../parts/pager.tsx'
import { usePages } from '../parts/pages.ts'
import { useAct, useCall } from '../session/call.ts'
import { Entries } from './entries.tsx'
import { exportTrail } from './export.ts'
import { Verdict } from './verdict.tsx'

const route = getRouteApi('/audit')

export function Trail() {
  const { t } = useTranslation()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { cursor, size = 50 } = search
  const filter = useMemo(() => {
    const { cursor: _, size: __, ...rest } = search
    return rest
  }, [search])
  const isFiltered = Object.keys(filter).length > 0
  const entries = useCall(
    ['audit', filter, cursor, size],
    client => client.audit.listAudit({ ...filter, page_size: size, ...(cursor && { cursor }) }),
    { keep: true },
  )
  const { before, after } = usePages(cursor, entries.data?.cursor, place =>
    navigate({ search: ({ cursor: _, ...old }) => ({ ...old, ...(place && { cursor: place }) }) }),
  )
  const download = useAct(client => exportTrail(client, filter), { changes: [] })
  const [round, setRound] = useState(0)
  const clear = () => {
    setRound(round + 1)
    navigate({ search: {} })
  }

  return (
    <Page
      title={t('frame.places.trail')}
      about={t('trail.aboutPage')}
      actions={
        <>
          <Verdict />
          <Button
            size="xs"
            variant="default"
            leftSection={<Icon name="download" size={14} />}
            loading={download.isPending}
            onClick={() => download.tell(undefined)}
          >
            {t('trail.export')}
          </Button>
        </>
      }
    >
      <Filters key={round} {...(isFiltered && { clear })} />
      <Card padding={0}>
        <Loaded query={entries} lines={8}>
          {({ data }) => {
            if (data.length > 0) return <Entries entries={data} />
            return isFiltered ? (
              <NoMatch clear={clear} />
            ) : (
              <NoneYet icon="trail" title={t('trail.none')}>
                {t('trail.noneAbout')}
              </NoneYet>
            )
          }}
        </Loaded>
      </Card>
      <Pager
        before={before}
        after={after}
        size={size}
        sizes={[20, 50, 100, 500]}
        resize={value => navigate({ search: { ...filter, size: value } })}
      />
    </Page>
  )
}

function Filters({ clear }: { clear?: () => void }) {
  const { t } = useTranslation()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [user, setUser] = useState<number | string>(search.about_user ?? '')
  const [actor, setActor] = useState(search.actor ?? '')
  const [act, setAct] = useState(search.act ?? '')
  const set = (changes: object) =>
    navigate({ search: ({ cursor: _, ...old }) => ({ ...old, ...changes }), replace: true })

  return (
    <Group
      gap="xs"
      align="flex-end"
      component="form"
      onSubmit={event => {
        event.preventDefault()
        set({
          about_user: typeof user === 'number' ? user : undefined,
          actor: actor.trim() || undefined,
          act: act.trim() || undefined,
        })
      }}
    >
      <TextInput
        size="xs"
        w={170}
        label={t('trail.act')}
        placeholder="disable"
        value={act}
        onChange={({ currentTarget }) => setAct(currentTarget.value)}
      />
      <TextInput
        size="xs"
        w={170}
        label={t('trail.actorId')}
        value={actor}
        onChange={({ currentTarget }) => setActor(currentTarget.value)}
      />
      <NumberInput size="xs" w={120} hideControls label={t('trail.userId')} value={user} onChange={setUser} />
      <DayFilter label={t('trail.since')} at={search.from} change={from => set({ from })} />
      <DayFilter label={t('trail.until')} at={search.until} isEnd change={until => set({ until })} />
      <Button type="submit" size="xs">
        {t('parts.filter')}
      </Button>
      {clear && (
        <Button size="xs" variant="subtle" onClick={clear}>
          {t('parts.clearFilters')}
        </Button>
      )}
    </Group>
  )
}
