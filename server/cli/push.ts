import { setTimeout as pause } from 'node:timers/promises'
import type { Command } from 'commander'
import { whole } from '../config.ts'
import { type CaptureRow, listCapturesAfter, listLastCaptures } from '../push/captures.sql.ts'
import { command, group, type OfApp, readOption } from './command.ts'
import { UsageError } from './failure.ts'
import { appOption, offline, theApp } from './offline.ts'
import { time, visible } from './print.ts'

export function declare(program: Command) {
  const push = group(program, 'push', 'Pushes: what capture notifiers kept.')
  const tail = command(
    push,
    'tail',
    'Shows what capture notifiers were given last, and with --follow what comes from now on.',
    'push tail',
    'push tail --follow --app k3v9m2hq7xwd',
  )
  tail
    .option('--lines <n>', 'how many of the last ones, 0 to 1000', '20')
    .option('--follow', 'goes on until it is interrupted')
    .option(...appOption)
    .action(async () => {
      const { json, ...options } = tail.optsWithGlobals<OfApp & { lines: string; follow?: boolean }>()
      if (json && options.follow) throw new UsageError('--follow has no end, and --json is one document: leave one out')
      await show(options, json ?? false)
    })
}

const second = 1000
const page = 100

async function show(options: OfApp & { lines: string; follow?: boolean }, asJson: boolean) {
  const lines = readOption('--lines', options.lines, whole(0, 1000))
  await offline(options, async ({ sql }) => {
    const { app_id } = await theApp(sql, options.app)
    const last = (await listLastCaptures(sql, app_id, Math.max(1, lines))).reverse()
    const shown = lines === 0 ? [] : last
    if (asJson) return void process.stdout.write(`${visibleJson({ app_id, pushes: shown.map(dataOf) })}\n`)
    for (const row of shown) process.stdout.write(`${lineOf(row)}\n`)
    if (shown.length === 0 && !options.follow) process.stdout.write('Nothing was captured yet.\n')
    let cursor = last.at(-1)?.capture_id ?? ''
    while (options.follow) {
      const rows = await listCapturesAfter(sql, app_id, cursor, page)
      for (const row of rows) process.stdout.write(`${lineOf(row)}\n`)
      cursor = rows.at(-1)?.capture_id ?? cursor
      if (rows.length < page) await pause(second)
    }
  })
}

const dataOf = ({ capture_id: _, payload, ...row }: CaptureRow) => ({ ...row, payload: JSON.parse(payload) as object })

const visibleJson = (data: object) => JSON.stringify(data, null, 2).split('\n').map(visible).join('\n')

/** One push a line; users choose their texts. */
function lineOf({ at, user_id, device_sn, notifier_name, task_id, payload }: CaptureRow) {
  const { title, body, badge, silent, ext } = JSON.parse(payload) as Record<string, unknown>
  const { task_id: _, ...own } = ext as Record<string, unknown>
  const more = [
    silent ? 'silent' : '',
    badge === -1 ? '' : `badge ${badge}`,
    Object.keys(own).length > 0 ? JSON.stringify(own) : '',
  ]
  const text = [title, body].filter(Boolean).join(': ')
  return visible(
    `${time(at)}  user ${user_id} device ${device_sn}  ${notifier_name}  task ${task_id}  ${[text, ...more].filter(Boolean).join('  ')}`,
  )
}
