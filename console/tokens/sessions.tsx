import { Badge, Button, Card, Stack, Text } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Client } from '../../client/index.ts'
import { Loaded } from '../parts/loaded.tsx'
import { Ago, Moment } from '../parts/moment.tsx'
import { type Column, DataTable } from '../parts/table.tsx'
import { useAct, useCall } from '../session/call.ts'

type Opened = Awaited<ReturnType<Client['console']['listConsoleSessions']>>[number]

const keyOf = ({ session_id }: Opened) => session_id

/** Where else somebody is signed in to the console with the same token. */
export function ConsoleSessions() {
  const { t } = useTranslation()
  const sessions = useCall(['console-sessions'], client => client.console.listConsoleSessions())
  const { tell } = useAct((client, session_id: string) => client.console.endConsoleSession({ session_id }), {
    done: t('tokens.sessionEnded'),
    changes: ['console-sessions'],
  })
  const columns = useMemo<Column<Opened>[]>(
    () => [
      {
        id: 'where',
        title: t('trail.from'),
        cell: ({ address, current }) => (
          <>
            <span className="mono">{address}</span> {current && <Badge>{t('tokens.thisSession')}</Badge>}
          </>
        ),
      },
      {
        id: 'agent',
        title: t('user.userAgent'),
        cell: ({ user_agent }) => (
          <Text size="xs" maw={320} style={{ whiteSpace: 'normal' }}>
            {user_agent}
          </Text>
        ),
      },
      { id: 'created', title: t('tokens.opened'), cell: ({ created_at }) => <Moment at={created_at} /> },
      { id: 'seen', title: t('tokens.lastUsed'), cell: ({ seen_at }) => <Ago at={seen_at} /> },
      {
        id: 'end',
        title: '',
        cell: ({ session_id, current }) =>
          !current && (
            <Button size="compact-xs" variant="default" onClick={() => tell(session_id)}>
              {t('tokens.endSession')}
            </Button>
          ),
      },
    ],
    [t, tell],
  )
  return (
    <Stack gap="xs" component="section" aria-label={t('tokens.sessions')}>
      <Text component="h2" fw={650}>
        {t('tokens.sessions')}
      </Text>
      <Card padding={0}>
        <Loaded query={sessions} lines={2}>
          {data => <DataTable caption={t('tokens.sessions')} columns={columns} rows={data} keyOf={keyOf} />}
        </Loaded>
      </Card>
    </Stack>
  )
}
