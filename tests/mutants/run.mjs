// Makes one hole at a time in a copy of the project, and runs the tests that must notice: `npm run test:mutants`.
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mutants } from './mutants.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const copied = ['bin', 'client', 'contract', 'docs', 'server', 'tests', 'package.json']
const atOnce = 2

function copyOfProject() {
  const copy = mkdtempSync(join(tmpdir(), 'stonechat-mutant-'))
  for (const name of copied) cpSync(join(root, name), join(copy, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

/** Fails where the hole cannot be made, or what comes of it is no program. */
function withHole({ hole, file, edits }) {
  let text = readFileSync(join(root, file), 'utf8')
  for (const [old, replacement] of edits) {
    const found = text.split(old).length - 1
    if (found !== 1) throw new Error(`${hole}: ${file} has this ${found} times: ${old}`)
    text = text.replace(old, () => replacement)
  }
  stripTypeScriptTypes(text)
  return text
}

/** Which tests passed and failed. */
async function run(copy, tests, only) {
  const files = tests.map(name => `tests/${name}.test.ts`)
  const pattern = only ? [`--test-name-pattern=${only}`] : []
  const options = ['--test', '--test-reporter=tap', '--test-timeout=60000', ...pattern]
  const child = spawn(process.execPath, [...options, ...files], { cwd: copy, stdio: ['ignore', 'pipe', 'ignore'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    output += text
  })
  await new Promise(resolve => child.on('close', resolve))
  const count = name => Number(output.match(new RegExp(`^# ${name} (\\d+)$`, 'm'))?.[1] ?? 0)
  return { passed: count('pass'), failed: count('fail') + count('cancelled'), output }
}

/** Undefined where the tests noticed. */
async function attempt(copy, mutant) {
  const { file, tests, only } = mutant
  const whole = readFileSync(join(root, file), 'utf8')
  const before = await run(copy, tests, only)
  if (before.passed === 0 || before.failed > 0) return `red without any hole:\n${before.output}`
  writeFileSync(join(copy, file), withHole(mutant))
  const { failed } = await run(copy, tests, only)
  writeFileSync(join(copy, file), whole)
  return failed > 0 ? undefined : 'NOT NOTICED'
}

const word = process.argv[2] ?? ''
const wanted = mutants.filter(({ hole }) => hole.includes(word))
for (const mutant of wanted) withHole(mutant)
let killed = 0
const waiting = [...wanted]

async function work() {
  const copy = copyOfProject()
  for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
    const wrong = await attempt(copy, mutant)
    if (!wrong) killed++
    console.log(`${wrong ? '✖' : '✔'} ${mutant.hole}${wrong ? `: ${wrong}` : ''}`)
  }
  rmSync(copy, { recursive: true })
}

await Promise.all(Array.from({ length: atOnce }, work))
console.log(`${killed} of ${wanted.length} holes were noticed`)
process.exitCode = killed === wanted.length && killed > 0 ? 0 : 1
