import type { Command } from 'commander'
import { findEntryHash, findHead, listEntries, listEntriesAfter } from '../audit/audit.sql.ts'
import { type Entry, presented, spanOf } from '../audit/audit.ts'
import { verifyPage } from '../audit/chain.ts'
import { whole } from '../config.ts'
import type { Sql } from '../storage/sql.ts'
import { command, does, group, type OfApp, readOption } from './command.ts'
import { UsageError } from './failure.ts'
import { appOption, offline, theApp } from './offline.ts'
import { type Answer, plural, table, time } from './print.ts'

const page = 500

export function declare(program: Command) {
  const audit = group(program, 'audit', 'The audit trail: what admins and operators did, to whom, when and from where.')

  const some = command(
    audit,
    'list',
    'Lists entries of the trail, the newest first.',
    'audit list',
    'audit list --user 1001 --since 2026-11-01 --most 200',
  )
  some
    .option('--user <id>', 'only about this user')
    .option('--actor <id>', 'only by this admin token (its id) or operator (the name on the machine)')
    .option('--act <name>', 'only of this operation or command, such as disable or "user ban"')
    .option('--since <time>', 'not before, such as 2026-11-01 or 2026-11-01T08:00Z')
    .option('--until <time>', 'not after')
    .option('--most <n>', 'entries at the most, 1 to 500', '50')
    .option(...appOption)
  does(some, list)

  const all = command(
    audit,
    'export',
    'Prints the whole trail in the order of its making, a JSON document a line.',
    'audit export > trail.jsonl',
  )
  all
    .option('--app <id>', appOption[1])
    .option('--data <folder>', 'data folder, in place of STONECHAT_DATA or ./data')
    .action(async () => exportAll(all.optsWithGlobals<OfApp>()))

  const verify = command(
    audit,
    'verify',
    'Checks that no entry is missing, changed or cut off, and prints the head. Keep the head elsewhere: given to --head later, it shows that nothing before it was written anew.',
    'audit verify',
    'audit verify --head 1200:Jv0uC…',
  )
  verify.option('--head <seq:hash>', 'a head that was printed earlier').option(...appOption)
  does(verify, check)
}

interface Wanted extends OfApp {
  user?: string
  actor?: string
  act?: string
  since?: string
  until?: string
  most: string
}

function moment(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const at = Date.parse(text)
  if (!/^\d{4}-/.test(text) || Number.isNaN(at))
    throw new UsageError(
      `${name} must be a time such as 2026-11-01 or 2026-11-01T08:00Z, and is ${JSON.stringify(text)}`,
    )
  return at
}

function list(options: Wanted): Promise<Answer> {
  const most = readOption('--most', options.most, whole(1, page))
  const user_id =
    options.user === undefined ? undefined : readOption('--user', options.user, whole(1, Number.MAX_SAFE_INTEGER))
  const [since, until] = [moment('--since', options.since), moment('--until', options.until)]
  return offline(options, async ({ sql }) => {
    const { app_id } = await theApp(sql, options.app)
    const { first, last } = await spanOf(sql, app_id, since, until)
    const filter = { user_id, actor_id: options.actor, act: options.act }
    const entries = (await listEntries(sql, app_id, filter, last, first, most)).map(presented)
    return {
      data: { app_id, entries },
      text: table(['SEQ', 'AT', 'WHO', 'FROM', 'ACT', 'ABOUT', 'CHANGED'], entries.map(row), 'No entries.'),
    }
  })
}

const row = ({ seq, at, actor, address, act, user_id, subject, before, after, erased }: Entry) => [
  String(seq),
  time(at),
  actor.kind === 'admin' ? `${actor.name} (${actor.id})` : actor.name,
  address,
  act,
  subject || (user_id === 0 ? '-' : `user ${user_id}`),
  erased ? '(erased)' : [...new Set([...Object.keys(before), ...Object.keys(after)])].join(', ') || '-',
]

const exportAll = (options: OfApp) =>
  offline(options, async ({ sql }) => {
    const { app_id } = await theApp(sql, options.app)
    let after = 0
    for (;;) {
      const entries = await listEntriesAfter(sql, app_id, after, page)
      for (const entry of entries) process.stdout.write(`${JSON.stringify(presented(entry))}\n`)
      if (entries.length < page) return
      after = entries.at(-1)?.seq ?? after
    }
  })

function check(options: OfApp & { head?: string }): Promise<Answer> {
  const [seq = '', hash] = options.head?.split(':') ?? []
  const known =
    hash === undefined ? undefined : { seq: readOption('--head', seq, whole(1, Number.MAX_SAFE_INTEGER)), hash }
  if (options.head !== undefined && !known) throw new UsageError('--head takes seq:hash, as verify prints it')
  return offline(options, async ({ sql }) => {
    const { app_id } = await theApp(sql, options.app)
    if (known && (await findEntryHash(sql, app_id, known.seq)) !== known.hash)
      throw new Error(`the trail of app ${app_id} is not the one of this head: entry ${known.seq} was written anew`)
    const entries = await verifyAll(sql, app_id)
    const head = await findHead(sql, app_id)
    return {
      data: { app_id, intact: true, entries, head: head ? `${head.seq}:${head.hash}` : '' },
      text: `The trail is intact: ${plural(entries, 'entry').replace(/entrys$/, 'entries')}.${head ? `\nhead  ${head.seq}:${head.hash}` : ''}`,
    }
  })
}

const whatIsWrong = {
  missing: 'is missing',
  changed: 'was changed',
  details_changed: 'has other details than it was made with',
  cut_off: 'and what followed was cut off',
}

/** Returns how many entries there are; fails at the first that is wrong. */
async function verifyAll(sql: Sql, app: string): Promise<number> {
  let through = 0
  for (;;) {
    const verdict = await verifyPage(sql, app, through, page)
    if (verdict.broken)
      throw new Error(
        `the trail of app ${app} is broken: entry ${verdict.broken.seq} ${whatIsWrong[verdict.broken.why]}`,
      )
    through = verdict.through
    if (!verdict.more) return through
  }
}
