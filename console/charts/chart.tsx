import { Button, Card, Group, Table, Text } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Scroll } from '../parts/scroll.tsx'

interface Props {
  title: string
  /** Names of the columns of its twin. */
  heads: string[]
  rows: (string | number)[][]
  children: ReactNode
}

/** A picture, and the same as a table: for those who do not see it, and for those who want the figures. */
export function Chart({ title, heads, rows, children }: Props) {
  const { t } = useTranslation()
  const [isTable, setTable] = useState(false)
  return (
    <Card component="section" aria-label={title}>
      <Group justify="space-between" mb="sm" gap="xs">
        <Text component="h2" fw={650}>
          {title}
        </Text>
        <Button size="compact-xs" variant="subtle" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          {t('charts.asTable')}
        </Button>
      </Group>
      {isTable ? (
        <Scroll name={title}>
          <Table aria-label={title} verticalSpacing={2}>
            <Table.Thead>
              <Table.Tr>
                {heads.map((head, column) => (
                  <Table.Th key={head} scope="col" ta={column === 0 ? 'left' : 'right'}>
                    {head}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(([name, ...figures]) => (
                <Table.Tr key={name}>
                  <Table.Th scope="row" fw={400}>
                    {name}
                  </Table.Th>
                  {figures.map((figure, column) => (
                    <Table.Td key={heads[column + 1]} ta="right">
                      {figure}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Scroll>
      ) : (
        children
      )}
    </Card>
  )
}
