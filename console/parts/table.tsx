import { Checkbox, Table } from '@mantine/core'
import {
  type CellContext,
  columnVisibilityFeature,
  createColumnHelper,
  type RowData,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { type ReactNode, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useRowKeys } from './row-keys.ts'
import { Scroll } from './scroll.tsx'
import type { Selection } from './selection.ts'

const features = tableFeatures({ columnVisibilityFeature })

export interface Column<Row> {
  id: string
  title: string
  cell: (row: Row) => ReactNode
  /** Numbers end at the same place. */
  isNumber?: boolean
}

interface Props<Row> {
  /** What the table shows, for those who do not see it. */
  caption: string
  columns: Column<Row>[]
  rows: Row[]
  keyOf: (row: Row) => string
  /** How a row is called where it is selected. */
  nameOf?: (row: Row) => string
  hidden?: string[]
  selection?: Selection
}

/** The rows of one page. j and k go through them, x selects, Enter opens what the first link of a row leads to. */
export function DataTable<Row extends RowData>({
  caption,
  columns,
  rows,
  keyOf,
  nameOf,
  hidden,
  selection,
}: Props<Row>) {
  const { t } = useTranslation()
  const keys = useMemo(() => rows.map(keyOf), [rows, keyOf])
  const { current, body } = useRowKeys(keys, selection?.toggle)
  const helper = useMemo(() => createColumnHelper<typeof features, Row>(), [])
  const defined = useMemo(
    () =>
      helper.columns(
        columns.map(({ id, title, cell }) =>
          helper.display({
            id,
            header: title,
            cell: ({ row }: CellContext<typeof features, Row, unknown>) => cell(row.original),
          }),
        ),
      ),
    [helper, columns],
  )
  const columnVisibility = useMemo(() => Object.fromEntries((hidden ?? []).map(id => [id, false])), [hidden])
  const table = useTable({ features, columns: defined, data: rows, state: { columnVisibility }, getRowId: keyOf })
  const numbers = new Set(columns.filter(({ isNumber }) => isNumber).map(({ id }) => id))
  const end = (id: string) => (numbers.has(id) ? ('right' as const) : undefined)

  return (
    <Scroll name={caption}>
      <Table aria-label={caption} highlightOnHover>
        <Table.Thead>
          {table.getHeaderGroups().map(group => (
            <Table.Tr key={group.id}>
              {selection && (
                <Table.Th w={36}>
                  <Checkbox
                    size="xs"
                    aria-label={t('parts.selectPage')}
                    checked={keys.length > 0 && keys.every(selection.has)}
                    indeterminate={keys.some(selection.has) && !keys.every(selection.has)}
                    onChange={() => selection.toggleAll(keys)}
                  />
                </Table.Th>
              )}
              {group.headers.map(header => (
                <Table.Th key={header.id} scope="col" ta={end(header.column.id)}>
                  <table.FlexRender header={header} />
                </Table.Th>
              ))}
            </Table.Tr>
          ))}
        </Table.Thead>
        <Table.Tbody className="rows" ref={body}>
          {table.getRowModel().rows.map(row => (
            <Table.Tr key={row.id} data-key={row.id} {...(row.id === current && { 'data-current': true })}>
              {selection && (
                <Table.Td>
                  <Checkbox
                    size="xs"
                    aria-label={t('parts.select', { name: nameOf?.(row.original) ?? row.id })}
                    checked={selection.has(row.id)}
                    onChange={() => selection.toggle(row.id)}
                  />
                </Table.Td>
              )}
              {row.getVisibleCells().map(cell => (
                <Table.Td key={cell.id} ta={end(cell.column.id)}>
                  <table.FlexRender cell={cell} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scroll>
  )
}
