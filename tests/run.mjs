// Runs the tests on the Node that the project pins, whichever one started this.
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'

const wanted = process.argv.slice(2)
const files = wanted.length > 0 ? wanted : globSync('tests/**/*.test.ts').sort()
const { status } = spawnSync(process.execPath, ['--test', '--test-timeout=120000', ...files], { stdio: 'inherit' })
process.exit(status ?? 1)
