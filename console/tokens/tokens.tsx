import { Badge, Button, Card, Group, Stack, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Client } from '../../client/index.ts'
import { Confirm } from '../parts/confirm.tsx'
import { NoneYet } from '../parts/empty.tsx'
import { Icon } from '../parts/icon.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Moment } from '../parts/moment.tsx'
import { Page } from '../parts/page.tsx'
import { type Column, DataTable } from '../parts/table.tsx'
import { useAct, useCall } from '../session/call.ts'
import { useSession } from '../session/session.tsx'
import { NewToken } from './new-token.tsx'
import { ConsoleSessions } from './sessions.tsx'

type Token = Awaited<ReturnType<Client['credentials']['listAdminTokens']>>['data'][number]
export type TokenKind = 'admin' | 'operator'

const keyOf = ({ token_id }: Token) => token_id

/** Admin tokens of the app, for an operator those of operators too, and one's own sessions. */
export function Tokens() {
  const { t } = useTranslation()
  const { kind } = useSession()
  return (
    <Page title={t('frame.places.tokens')} about={t('tokens.about')}>
      <TokenList kind="admin" />
      {kind === 'operator' && <TokenList kind="operator" />}
      <ConsoleSessions />
    </Page>
  )
}

function TokenList({ kind }: { kind: TokenKind }) {
  const { t } = useTranslation()
  const { tokenId } = useSession()
  const [isMaking, setMaking] = useState(false)
  const [revoked, setRevoked] = useState<Token>()
  const tokens = useCall(['tokens', kind], client =>
    kind === 'admin'
      ? client.credentials.listAdminTokens({ page_size: 100 })
      : client.credentials.listOperatorTokens({ page_size: 100 }),
  )
  const columns = useMemo<Column<Token>[]>(
    () => [
      { id: 'name', title: t('tokens.name'), cell: ({ name }) => name },
      { id: 'id', title: t('tokens.id'), cell: ({ token_id }) => <span className="mono">{token_id}</span> },
      {
        id: 'state',
        title: t('jobs.state'),
        cell: ({ state, token_id }) => (
          <Group gap={4} wrap="nowrap">
            <Badge color={state === 'live' ? 'teal' : 'gray'}>
              {t(`tokens.states.${state === 'live' || state === 'expired' ? state : 'revoked'}`)}
            </Badge>
            {token_id === tokenId && <Badge>{t('tokens.yours')}</Badge>}
          </Group>
        ),
      },
      { id: 'created', title: t('jobs.created'), cell: ({ created_at }) => <Moment at={created_at} /> },
      { id: 'expires', title: t('tokens.expires'), cell: ({ expires_at }) => <Moment at={expires_at} /> },
      {
        id: 'revoke',
        title: '',
        cell: token =>
          token.state === 'live' && (
            <Button size="compact-xs" color="red" variant="outline" onClick={() => setRevoked(token)}>
              {t('tokens.revoke')}
            </Button>
          ),
      },
    ],
    [t, tokenId],
  )
  return (
    <Stack gap="xs" component="section" aria-label={t(`tokens.of.${kind}`)}>
      <Group justify="space-between">
        <Text component="h2" fw={650}>
          {t(`tokens.of.${kind}`)}
        </Text>
        <Button size="xs" leftSection={<Icon name="plus" size={14} />} onClick={() => setMaking(true)}>
          {t(`tokens.create.${kind}`)}
        </Button>
      </Group>
      <Card padding={0}>
        <Loaded query={tokens} lines={3}>
          {({ data }) =>
            data.length === 0 ? (
              <NoneYet icon="person" title={t('tokens.none')} />
            ) : (
              <DataTable caption={t(`tokens.of.${kind}`)} columns={columns} rows={data} keyOf={keyOf} />
            )
          }
        </Loaded>
      </Card>
      {isMaking && <NewToken kind={kind} close={() => setMaking(false)} />}
      {revoked && <Revoke kind={kind} token={revoked} close={() => setRevoked(undefined)} />}
    </Stack>
  )
}

function Revoke({ kind, token, close }: { kind: TokenKind; token: Token; close: () => void }) {
  const { t } = useTranslation()
  const { tokenId } = useSession()
  const { token_id, name } = token
  const { perform } = useAct(
    client =>
      kind === 'admin'
        ? client.credentials.revokeAdminToken({ token_id })
        : client.credentials.revokeOperatorToken({ token_id }),
    { done: t('tokens.revoked'), changes: ['tokens', 'audit'] },
  )
  return (
    <Confirm
      title={t('tokens.revokeOf', { name })}
      act={t('tokens.revoke')}
      perform={() => perform(undefined)}
      close={close}
    >
      <Text size="sm">
        {t('tokens.revokeMeans')} {token_id === tokenId && t('tokens.revokeOwn')}
      </Text>
    </Confirm>
  )
}
