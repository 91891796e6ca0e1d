import { Anchor, Badge, Button, Stack, Table, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Client } from '../../client/index.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Facts } from '../parts/facts.tsx'
import { Moment } from '../parts/moment.tsx'
import { Scroll } from '../parts/scroll.tsx'
import { type Column, DataTable } from '../parts/table.tsx'

export type Entry = Awaited<ReturnType<Client['audit']['listAudit']>>['data'][number]

const keyOf = ({ seq }: Entry) => String(seq)

/** Who did what to whom, when and from where; with what was before and after behind a button. */
export function Entries({ entries }: { entries: Entry[] }) {
  const { t } = useTranslation()
  const [shown, setShown] = useState<Entry>()
  const columns = useMemo<Column<Entry>[]>(
    () => [
      { id: 'at', title: t('trail.at'), cell: ({ at }) => <Moment at={at} withSeconds /> },
      {
        id: 'act',
        title: t('trail.act'),
        cell: entry => (
          <Button variant="subtle" size="compact-sm" px={0} onClick={() => setShown(entry)} aria-haspopup="dialog">
            {entry.act}
          </Button>
        ),
      },
      {
        id: 'actor',
        title: t('trail.actor'),
        cell: ({ actor }) => (
          <>
            {actor.name || actor.id} <Badge color="gray">{actor.kind}</Badge>
          </>
        ),
      },
      { id: 'about', title: t('trail.about'), cell: entry => <About entry={entry} /> },
      { id: 'address', title: t('trail.from'), cell: ({ address }) => <span className="mono">{address}</span> },
      { id: 'seq', title: t('trail.seq'), cell: ({ seq }) => seq, isNumber: true },
    ],
    [t],
  )
  return (
    <>
      <DataTable caption={t('frame.places.trail')} columns={columns} rows={entries} keyOf={keyOf} />
      {shown && <EntryDialog entry={shown} close={() => setShown(undefined)} />}
    </>
  )
}

function About({ entry: { user_id, subject } }: { entry: Entry }) {
  const { t } = useTranslation()
  if (user_id !== 0)
    return (
      <Anchor component={Link} to={`/users/${user_id}`} size="sm">
        {t('trail.user', { id: user_id })}
      </Anchor>
    )
  return <span className="mono">{subject || t('trail.app')}</span>
}

function EntryDialog({ entry, close }: { entry: Entry; close: () => void }) {
  const { t } = useTranslation()
  const { actor, before, after } = entry
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return (
    <Dialog onClose={close} size="lg" title={entry.act}>
      <Stack>
        <Facts
          facts={[
            [t('trail.at'), <Moment key="at" at={entry.at} withSeconds />],
            [t('trail.actor'), `${actor.name} (${actor.kind} ${actor.id})`],
            [t('trail.about'), <About key="about" entry={entry} />],
            [t('trail.from'), entry.address],
            [
              t('trail.hash'),
              <span key="hash" className="mono">
                {entry.hash}
              </span>,
            ],
          ]}
        />
        {entry.erased && <Text size="sm">{t('trail.erased')}</Text>}
        {changed.length > 0 && (
          <Scroll name={t('trail.changes')}>
            <Table aria-label={t('trail.changes')}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('trail.field')}</Table.Th>
                  <Table.Th>{t('trail.before')}</Table.Th>
                  <Table.Th>{t('trail.after')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {changed.map(field => (
                  <Table.Tr key={field}>
                    <Table.Td>{field}</Table.Td>
                    <Table.Td className="mono">{shownValue(before[field])}</Table.Td>
                    <Table.Td className="mono">{shownValue(after[field])}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Scroll>
        )}
      </Stack>
    </Dialog>
  )
}

const shownValue = (value: unknown) =>
  value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value)
