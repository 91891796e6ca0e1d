import { setTimeout as pause } from 'node:timers/promises'

/** One look at a node's figures: a value for each series, e.g. `stonechat_users` or `stonechat_connections{platform="ios"}`. */
type Figures = Map<string, number>

const second = 1000
const clearBelow = '\x1b[J'
const hide = '\x1b[?25l'
const show = '\x1b[?25h'

/**
 * Shows what a running node does, updated in place every second until it is interrupted; where the output is no
 * terminal, or `times` is given, it prints that many looks one after the other. Fails where the node cannot be reached.
 */
export async function top(url: string, out: NodeJS.WriteStream, times = out.isTTY ? Infinity : 1) {
  let before = await look(url)
  if (out.isTTY) hideCursor(out)
  for (let shown = 0; shown < times; shown++) {
    await pause(second)
    const now = await look(url)
    const screen = lines(url, before, now)
    const back = out.isTTY && shown > 0 ? `\x1b[${screen.length}A\r${clearBelow}` : ''
    out.write(`${back}${screen.join('\n')}\n`)
    before = now
  }
}

/** Until the process ends; a signal alone would end it without showing the cursor again. */
function hideCursor(out: NodeJS.WriteStream) {
  out.write(hide)
  process.once('exit', () => out.write(show))
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit())
}

async function look(url: string): Promise<Figures> {
  const response = await fetch(`${url}/metrics`).catch(() => undefined)
  if (!response?.ok)
    throw new Error(`no node answers at ${url}: start one with \`stonechat serve\`, or name another with --url`)
  return parse(await response.text())
}

/** Prometheus' text format, a series a line. */
export function parse(text: string): Figures {
  const figures: Figures = new Map()
  for (const line of text.split('\n')) {
    const at = line.lastIndexOf(' ')
    if (at > 0 && !line.startsWith('#')) figures.set(line.slice(0, at), Number(line.slice(at + 1)))
  }
  return figures
}

/** The screen: totals as they are, counters as what they gained in the second between the two looks. */
export function lines(url: string, before: Figures, now: Figures): string[] {
  const value = (name: string) => now.get(name) ?? 0
  const gained = (name: string) => sum(now, name) - sum(before, name)
  const platforms = [...now].filter(([name]) => name.startsWith('stonechat_connections{'))
  return [
    `Stonechat ${url}  ${new Date().toISOString().slice(11, 19)} UTC`,
    '',
    row(
      'connections',
      sum(now, 'stonechat_connections'),
      platforms.map(([name, count]) => `${label(name)} ${count}`).join('  '),
    ),
    row('users', value('stonechat_users'), `devices ${value('stonechat_devices')}`),
    row('requests/s', gained('stonechat_requests_total'), `commits/s ${gained('stonechat_commits_total')}`),
    row('hellos/s', gained('stonechat_hellos_total'), `closes/s ${gained('stonechat_closes_total')}`),
    row('hash queue', value('stonechat_hash_queue'), `hashing ${value('stonechat_hashes_running')}`),
    row('memory MB', Math.round(value('process_resident_memory_bytes') / 1_048_576), ''),
  ]
}

const sum = (figures: Figures, name: string) =>
  [...figures]
    .filter(([series]) => series === name || series.startsWith(`${name}{`))
    .reduce((total, [, value]) => total + value, 0)

const label = (series: string) => /"([^"]*)"/.exec(series)?.[1] ?? ''

const row = (name: string, value: number, more: string) =>
  `${name.padEnd(14)}${String(value).padStart(10)}   ${more}`.trimEnd()
