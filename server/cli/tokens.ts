import { Type } from '@sinclair/typebox'
import type { Command } from 'commander'
import { byOperator } from '../audit/operator.ts'
import { theAdminTokens, theOperatorToken } from '../audit/things.ts'
import { whole } from '../config.ts'
import { readerOf } from '../http/values.ts'
import type { Sql } from '../storage/sql.ts'
import { createAdminToken, createOperatorToken, newTokenId, stateOf, usualDays } from '../tokens/admin-tokens.ts'
import { endOperatorTokenById, findOperatorTokenById, listOperatorTokens } from '../tokens/operator-tokens.sql.ts'
import { endAdminTokenById, listAdminTokens, type ManagedRow } from '../tokens/tokens.sql.ts'
import { command, does, group, type OfApp, readOption } from './command.ts'
import { UsageError } from './failure.ts'
import { appOption, type Offline, offline, theApp } from './offline.ts'
import { type Answer, list, table, time } from './print.ts'

/** Of one app, or with `--operator` of the whole installation. */
interface Which extends OfApp {
  operator?: boolean
}

const operatorOption = ['--operator', 'of operators, who look after the whole installation'] as const

export function declare(program: Command) {
  const tokens = group(
    program,
    'token',
    'Admin tokens, which the back end of an app calls with, and tokens of operators for the console.',
  )

  const create = command(
    tokens,
    'create',
    'Makes a token, and prints it once.',
    'token create --name billing',
    'token create --name nightly-job --days 7 --app k3v9m2hq7xwd',
    'token create --operator --name ann',
  )
  create
    .requiredOption('--name <name>', 'what, or whom, the token is for, 1 to 64 characters')
    .option('--days <n>', 'days that it lives, 1 to 3650', String(usualDays))
    .option(...operatorOption)
    .option(...appOption)
  does(create, make)

  const all = command(
    tokens,
    'list',
    'Lists the admin tokens of an app, or those of operators; ended ones too.',
    'token list',
    'token list --operator',
  )
  does(all.option(...operatorOption).option(...appOption), listAll)

  const revoke = command(
    tokens,
    'revoke <id>',
    'Ends a token at once, on a running server too.',
    'token revoke 5f0c2a91d3',
    'token revoke --operator 0d7be8812f',
  )
  does(revoke.option(...operatorOption).option(...appOption), end)
}

const readName = readerOf(Type.String({ minLength: 1, maxLength: 64 }))

function make(options: Which & { name: string; days: string }): Promise<Answer> {
  const days = readOption('--days', options.days, whole(1, 3650))
  const name = readName(options.name, '--name') as string
  return offline(options, async services => {
    const app_id = await appOf(services.sql, options)
    const { token, token_id, expires_at } = await (app_id === undefined
      ? makeForOperator(services, name, days)
      : makeForApp(services, app_id, name, days))
    const lines: [string, string][] = [
      ['token', token],
      ['id', token_id],
      ['name', name],
      app_id === undefined ? ['for', 'operators, on /console'] : ['app', app_id],
      ['expires', time(expires_at)],
    ]
    return {
      data: { ...(app_id !== undefined && { app_id }), token_id, name, token, expires_at },
      text: `${list(lines)}\nThe token is shown once; keep it.`,
    }
  })
}

function makeForOperator(services: Offline, name: string, days: number) {
  const id = newTokenId()
  const { sql } = byOperator(services, '', 'token create', theOperatorToken(id))
  return createOperatorToken(sql, id, name, services.now(), days)
}

function makeForApp(services: Offline, app: string, name: string, days: number) {
  const { sql } = byOperator(services, app, 'token create', theAdminTokens(app))
  return createAdminToken(sql, app, name, services.now(), days)
}

/** Undefined for operators, who belong to none. */
async function appOf(sql: Sql, { operator, app }: Which): Promise<string | undefined> {
  if (!operator) return (await theApp(sql, app)).app_id
  if (app !== undefined) throw new UsageError('--operator and --app do not go together: operators belong to no app')
  return undefined
}

/** More than anybody has; the console pages through the rest. */
const most = 500

function listAll(options: Which): Promise<Answer> {
  return offline(options, async ({ sql, now }) => {
    const app_id = await appOf(sql, options)
    const found =
      app_id === undefined
        ? (await listOperatorTokens(sql, Number.MAX_SAFE_INTEGER, '', most)).toReversed()
        : await listAdminTokens(sql, app_id)
    const tokens = found.map(token => ({ ...token, state: stateOf(token, now()) }))
    const heads = ['ID', 'NAME', 'CREATED', 'EXPIRES', 'STATE']
    const rows = tokens.map(({ token_id, name, created_at, expires_at, state }) => [
      token_id,
      name,
      time(created_at),
      time(expires_at),
      state,
    ])
    const none =
      app_id === undefined
        ? 'There is no operator token: make one with stonechat token create --operator --name NAME.'
        : 'The app has no admin token: make one with stonechat token create --name NAME.'
    return { data: { ...(app_id !== undefined && { app_id }), tokens }, text: table(heads, rows, none) }
  })
}

function end(options: Which, [id = '']: string[]): Promise<Answer> {
  return offline(options, async services => {
    const { now } = services
    const app_id = await appOf(services.sql, options)
    if (app_id === undefined) {
      const { sql } = byOperator(services, '', 'token revoke', theOperatorToken(id))
      if (!(await endOperatorTokenById(sql, id, now()))) await refuse('operator', findOperatorTokenById(sql, id), id)
    } else {
      const { sql } = byOperator(services, app_id, 'token revoke', theAdminTokens(app_id))
      const known = () => listAdminTokens(sql, app_id).then(all => all.find(({ token_id }) => token_id === id))
      if (!(await endAdminTokenById(sql, app_id, id, now()))) await refuse('admin', known(), id)
    }
    return {
      data: { ...(app_id !== undefined && { app_id }), token_id: id, state: 'revoked' },
      text: `The ${app_id === undefined ? 'operator' : 'admin'} token ${id} is revoked: calls with it answer 402 from now on.`,
    }
  })
}

async function refuse(
  kind: 'admin' | 'operator',
  token: PromiseLike<ManagedRow | undefined>,
  id: string,
): Promise<never> {
  if (await token) throw new Error(`the ${kind} token ${id} has ended already`)
  throw new Error(
    kind === 'admin'
      ? `the app has no admin token ${JSON.stringify(id)}: stonechat token list shows their ids`
      : `there is no operator token ${JSON.stringify(id)}: stonechat token list --operator shows their ids`,
  )
}
