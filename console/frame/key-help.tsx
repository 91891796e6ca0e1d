import { Group, Kbd, Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../parts/dialog.tsx'
import { useSession } from '../session/session.tsx'
import { placesFor } from './places.ts'

export default function KeyHelp({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const { kind } = useSession()
  const keys: [string[], string][] = [
    [['Ctrl', 'K'], t('frame.goTo')],
    [['/'], t('frame.help.search')],
    [['j'], t('frame.help.down')],
    [['k'], t('frame.help.up')],
    [['x'], t('frame.help.select')],
    [['Enter'], t('frame.help.open')],
    [['Esc'], t('frame.help.close')],
    ...placesFor(kind).map(({ key, name }): [string[], string] => [['g', key], t(`frame.places.${name}`)]),
  ]
  return (
    <Dialog onClose={close} title={t('frame.keys')}>
      <Table verticalSpacing={4}>
        <Table.Tbody>
          {keys.map(([strokes, meaning]) => (
            <Table.Tr key={strokes.join(' ')}>
              <Table.Td w={120}>
                <Group gap={4}>
                  {strokes.map(stroke => (
                    <Kbd key={stroke} size="xs">
                      {stroke}
                    </Kbd>
                  ))}
                </Group>
              </Table.Td>
              <Table.Td>{meaning}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Dialog>
  )
}
