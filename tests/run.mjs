// Runs the tests: all of them, or the files named. In CI a test that is skipped, or none that ran, is a failure too.
// With --long only those that come in amounts (support/amount.ts), each with its large one and hours to do it in.
import { spawn } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

const isLong = process.argv.includes('--long')
const named = process.argv.slice(2).filter(argument => argument !== '--long')
const all = globSync('tests/**/*.test.ts').sort()
const amounts = all.filter(file => /support\/(amount|races)\.ts/.test(readFileSync(file, 'utf8')))
const files = named.length > 0 ? named : isLong ? amounts : all
const timeout = isLong ? 4 * 3_600_000 : 120_000
const options = ['--test', `--test-timeout=${timeout}`, `--test-concurrency=${isLong ? 1 : availableParallelism()}`]
const env = isLong ? { ...process.env, LONG: '1' } : process.env
const runner = spawn(process.execPath, [...options, ...files], { stdio: ['ignore', 'pipe', 'inherit'], env })

let tail = ''
runner.stdout.setEncoding('utf8').on('data', text => {
  process.stdout.write(text)
  tail = (tail + text).slice(-20_000)
})

runner.on('close', code => {
  const count = name => Number(tail.match(new RegExp(`^. ${name} (\\d+)$`, 'm'))?.[1] ?? 0)
  const incomplete = process.env.CI && (count('pass') === 0 || count('skipped') + count('todo') > 0)
  if (incomplete) console.error('Every test has to run here, and some were skipped, or none ran.')
  process.exit(incomplete ? 1 : (code ?? 1))
})
