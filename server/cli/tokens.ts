import { Type } from '@sinclair/typebox'
import type { Command } from 'commander'
import { byOperator, theAdminTokens } from '../audit/operator.ts'
import { whole } from '../config.ts'
import { readerOf } from '../http/values.ts'
import { createAdminToken, usualDays } from '../tokens/admin-tokens.ts'
import { type AdminTokenRow, endAdminTokenById, listAdminTokens } from '../tokens/tokens.sql.ts'
import { command, does, group, type OfApp, readOption } from './command.ts'
import { appOption, offline, theApp } from './offline.ts'
import { type Answer, list, table, time } from './print.ts'

export function declare(program: Command) {
  const tokens = group(program, 'token', 'Admin tokens: what the back end of an app calls with.')

  const create = command(
    tokens,
    'create',
    'Makes an admin token, and prints it once.',
    'token create --name billing',
    'token create --name nightly-job --days 7 --app k3v9m2hq7xwd',
  )
  create
    .requiredOption('--name <name>', 'what the token is for, 1 to 64 characters')
    .option('--days <n>', 'days that it lives, 1 to 3650', String(usualDays))
    .option(...appOption)
  does(create, make)

  const all = command(tokens, 'list', 'Lists the admin tokens of an app, ended ones too.', 'token list')
  does(all.option(...appOption), listAll)

  const revoke = command(
    tokens,
    'revoke <id>',
    'Ends an admin token at once, on a running server too.',
    'token revoke 5f0c2a91d3',
  )
  does(revoke.option(...appOption), end)
}

const readName = readerOf(Type.String({ minLength: 1, maxLength: 64 }))

function make(options: OfApp & { name: string; days: string }): Promise<Answer> {
  const days = readOption('--days', options.days, whole(1, 3650))
  const name = readName(options.name, '--name') as string
  return offline(options, async services => {
    const { now } = services
    const { app_id } = await theApp(services.sql, options.app)
    const { sql } = byOperator(services, app_id, 'token create', theAdminTokens(app_id))
    const { token, token_id, expires_at } = await createAdminToken(sql, app_id, name, now(), days)
    return {
      data: { app_id, token_id, name, token, expires_at },
      text: `${list([
        ['token', token],
        ['id', token_id],
        ['name', name],
        ['app', app_id],
        ['expires', time(expires_at)],
      ])}\nThe token is shown once; keep it.`,
    }
  })
}

function listAll(options: OfApp): Promise<Answer> {
  return offline(options, async ({ sql, now }) => {
    const { app_id } = await theApp(sql, options.app)
    const tokens = (await listAdminTokens(sql, app_id)).map(token => ({ ...token, state: stateOf(token, now()) }))
    const heads = ['ID', 'NAME', 'CREATED', 'EXPIRES', 'STATE']
    const rows = tokens.map(({ token_id, name, created_at, expires_at, state }) => [
      token_id,
      name,
      time(created_at),
      time(expires_at),
      state,
    ])
    return {
      data: { app_id, tokens },
      text: table(heads, rows, 'The app has no admin token: make one with stonechat token create --name NAME.'),
    }
  })
}

/** A token that ran out is noted as ended when somebody calls with it. */
function stateOf({ ended_at, expires_at }: AdminTokenRow, now: number): 'live' | 'expired' | 'revoked' {
  if (ended_at !== 0 && ended_at < expires_at) return 'revoked'
  return expires_at <= now ? 'expired' : 'live'
}

function end(options: OfApp, [id = '']: string[]): Promise<Answer> {
  return offline(options, async services => {
    const { now } = services
    const { app_id } = await theApp(services.sql, options.app)
    const { sql } = byOperator(services, app_id, 'token revoke', theAdminTokens(app_id))
    if (!(await endAdminTokenById(sql, app_id, id, now()))) await refuse(listAdminTokens(sql, app_id), id)
    return {
      data: { app_id, token_id: id, state: 'revoked' },
      text: `The admin token ${id} is revoked: calls with it answer 402 from now on.`,
    }
  })
}

async function refuse(tokens: PromiseLike<AdminTokenRow[]>, id: string): Promise<never> {
  const known = (await tokens).some(({ token_id }) => token_id === id)
  throw new Error(
    known
      ? `the admin token ${id} has ended already`
      : `the app has no admin token ${JSON.stringify(id)}: stonechat token list shows their ids`,
  )
}
