import { createReadStream, statSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Command } from 'commander'
import { ApiError, sentence } from '../../contract/errors.ts'
import { Ids } from '../accounts/ids.ts'
import { importUser, mayCome, readLine } from '../accounts/imports.ts'
import { loadHasher, Passwords } from '../accounts/passwords.ts'
import type { App } from '../apps/apps.sql.ts'
import { note } from '../audit/noting.ts'
import { operator } from '../audit/operator.ts'
import { wholeApp } from '../audit/subjects.ts'
import { readConfig } from '../config.ts'
import { command, does, group, type OfApp } from './command.ts'
import { mustBeFree } from './draft.ts'
import { type Result, Tally } from './import-tally.ts'
import { appOption, type Offline, offline, theApp } from './offline.ts'
import { plural } from './print.ts'
import { Progress } from './progress.ts'

/** Lines that are written together, in one transaction with one sync: a running server's writes come in between. */
const atOnce = 128
interface Options extends OfApp {
  dryRun?: boolean
  results?: string
}

export function declare(program: Command) {
  const imports = group(program, 'import', 'Brings along what another system has.')
  const users = command(
    imports,
    'users <file>',
    'Imports users with the password hashes that they have: one JSON object a line (docs/import.md). It may be run again.',
    'import users users.ndjson --dry-run',
    'import users users.ndjson --results results.ndjson',
  )
    .option(...appOption)
    .option('--dry-run', 'look at every line, and write nothing')
    .option('--results <path>', 'a new file with what became of each line, as JSON')
  does(users, importUsers)
}

const importUsers = (options: Options, [file = '']: string[]) =>
  offline(options, async opened => {
    const app = await theApp(opened.sql, options.app)
    const size = sizeOf(file)
    if (options.results !== undefined) mustBeFree(options.results)
    const services = { ...opened, ids: new Ids(opened.sql), passwords: await hashing() }
    const tally = new Tally(options.results)
    const isDry = options.dryRun ?? false
    const bringOne = (text: string, line: number) =>
      attempt(text, line, async () => {
        const wanted = readLine(app, text)
        const there = isDry ? await mayCome(opened.sql, app, wanted) : await importUser(services, app, wanted)
        return { user_id: wanted.user_id ?? 0, existed: false, ...there }
      })
    await eachLine(file, size, bringOne, tally)
    if (!isDry && tally.imported > 0) await noteRun(opened, app, tally)
    return tally.answer(app, isDry)
  })

const hashing = async () => {
  const { hashesAtOnce } = readConfig(process.env)
  return new Passwords(await loadHasher(), hashesAtOnce, atOnce)
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message}`)
  }
}

/** One entry for the run: a million entries of users would tell nobody more. */
const noteRun = ({ sql, now }: Offline, { app_id }: App, { imported, existed, failed }: Tally) =>
  note({ sql, now }, { app: app_id, doer: operator(), act: 'import users' }, wholeApp, { imported, existed, failed })

async function attempt(
  text: string,
  line: number,
  work: () => Promise<{ user_id: number; existed: boolean }>,
): Promise<Result> {
  const username = usernameIn(text)
  try {
    return { line, username, success: true, reason: '', ...(await work()) }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { line, username, user_id: 0, success: false, existed: false, reason: sentence(error, 'en') }
  }
}

/** For whoever looks for the line that failed, whatever is wrong with it. */
const usernameIn = (text: string) => /"username"\s*:\s*"([^"\\]{1,64})"/.exec(text)?.[1] ?? ''

/** Reads the file once, whatever its size; empty lines are passed over. Ctrl-C ends it after the lines that are being written. */
async function eachLine(
  file: string,
  size: number,
  work: (text: string, line: number) => Promise<Result>,
  tally: Tally,
) {
  const progress = new Progress()
  const source = createReadStream(file, 'utf8')
  const stop = () => {
    tally.isStopped = true
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  let [number, together]: [number, Promise<Result>[]] = [0, []]
  const settle = async () => {
    tally.add(await Promise.all(together))
    together = []
    progress.show(source.bytesRead / Math.max(1, size), plural(tally.seen, 'line'))
  }
  try {
    for await (const text of createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY })) {
      number++
      if (text.trim() === '') continue
      together.push(work(number === 1 ? text.replace(/^\ufeff/, '') : text, number))
      if (together.length === atOnce) await settle()
      if (tally.isStopped) break
    }
    await settle()
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop)
    progress.clear()
    await tally.close()
  }
}
