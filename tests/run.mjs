// Runs the tests: all of them, or the files named. In CI a test that is skipped, or none that ran, is a failure too.
import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'

const named = process.argv.slice(2)
const files = named.length > 0 ? named : globSync('tests/**/*.test.ts').sort()
const options = ['--test', '--test-timeout=120000', `--test-concurrency=${availableParallelism()}`]
const runner = spawn(process.execPath, [...options, ...files], { stdio: ['ignore', 'pipe', 'inherit'] })

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
