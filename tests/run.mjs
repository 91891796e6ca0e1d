// Runs the tests: all of them, or the files named; on SQLite, then on PostgreSQL, but for those
// that run once. In CI a test that is skipped, or none that ran, is a failure too, and so is a machine without PostgreSQL.
// With --long only those that come in amounts (support/amount.ts), each with its large one and hours to do it in.
// With --sqlite or --postgres on that engine alone.
import { spawn } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { findCluster } from './support/cluster.ts'
import { dropTemplate, makeTemplate } from './support/migrate-template.ts'

const flags = new Set(process.argv.slice(2).filter(argument => argument.startsWith('--')))
const named = process.argv.slice(2).filter(argument => !argument.startsWith('--'))
const isLong = flags.has('--long')
const textOf = file => readFileSync(file, 'utf8')
const all = globSync('tests/**/*.test.ts').sort()
const amounts = all.filter(file => /support\/(amount|races)\.ts/.test(textOf(file)))
/** What is known not to hold, and is said where people read of it: run by name alone, and told at every run. */
const open = new Map([
  [
    'tests/pgbouncer.test.ts',
    'through a pooler in transaction mode a statement may wait 15 s and then fail (docs/deploy.md)',
  ],
])
const files = named.length > 0 ? named : (isLong ? amounts : all).filter(file => !open.has(file))
if (named.length === 0) for (const [file, why] of open) console.log(`${file} is left out: ${why}`)
/** A file that says so at its beginning is about the file that SQLite keeps, or about no storage at all. */
const isOfOneEngine = file => /^\/\/ Runs once: /m.test(textOf(file))
const timeout = isLong ? 4 * 3_600_000 : 120_000
const counts = ['tests', 'suites', 'pass', 'fail', 'cancelled', 'skipped', 'todo', 'duration_ms']

/** Runs the files; resolves to the counts of the runner's last lines. */
function run(files, env) {
  const concurrency = isLong ? 1 : Math.min(availableParallelism(), env.STONECHAT_TEST_POSTGRES ? 2 : Infinity)
  const options = ['--test', `--test-timeout=${timeout}`, `--test-concurrency=${concurrency}`]
  // A connection to PostgreSQL that is left open must not keep a build waiting for ever.
  if (env.STONECHAT_TEST_POSTGRES) options.push('--test-force-exit')
  const runner = spawn(process.execPath, [...options, ...files], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...(isLong && { LONG: '1' }), ...env },
  })
  let tail = ''
  runner.stdout.setEncoding('utf8').on('data', text => {
    process.stdout.write(text)
    tail = (tail + text).slice(-400_000)
  })
  return new Promise(resolve => {
    runner.on('close', code => {
      const count = name => Number(tail.match(new RegExp(`^. ${name} ([\\d.]+)$`, 'm'))?.[1] ?? 0)
      resolve({ code: code ?? 1, ...Object.fromEntries(counts.map(name => [name, count(name)])) })
    })
  })
}

async function runOnPostgres(files) {
  const cluster = await findCluster()
  if (!cluster) {
    console.error('No test ran on PostgreSQL: install the Debian package postgresql, or set DATABASE_URL to a server.')
    return undefined
  }
  const template = `stonechat_template_${process.pid}`
  try {
    await makeTemplate(cluster.url, template)
    return await run(files, { STONECHAT_TEST_POSTGRES: cluster.url, STONECHAT_TEST_TEMPLATE: template })
  } finally {
    await dropTemplate(cluster.url, template)
    await cluster.stop()
  }
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))

const results = []
if (!flags.has('--postgres')) results.push(['SQLite', await run(files, {})])
/** In a build PostgreSQL runs what has been seen to hold on it; with --postgres, or by name, whatever it may. */
const seen = new Set(textOf('tests/support/on-postgres.txt').split('\n'))
const isWanted = file => named.length > 0 || flags.has('--postgres') || seen.has(file)
const both = files.filter(file => !isOfOneEngine(file) && isWanted(file))
if (!flags.has('--sqlite') && both.length > 0) results.push(['PostgreSQL', await runOnPostgres(both)])

const ran = results.filter(([, result]) => result)
for (const [engine, { tests, pass, fail }] of ran)
  console.log(`${engine}: ${tests} tests, ${pass} passed, ${fail} failed`)
if (results.length > 1)
  for (const name of counts) console.log(`ℹ ${name} ${ran.reduce((sum, [, result]) => sum + result[name], 0)}`)
const incomplete =
  process.env.CI &&
  (ran.length < results.length || ran.some(([, result]) => result.pass === 0 || result.skipped + result.todo > 0))
if (incomplete) console.error('Every test has to run here, and some were skipped, or none ran.')
process.exit(incomplete ? 1 : Math.max(...ran.map(([, result]) => result.code)))
