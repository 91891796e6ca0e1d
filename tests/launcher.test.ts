import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { test } from 'node:test'
import { folder } from './harness.ts'
import { until } from './support/outcomes.ts'
import { Process } from './support/process.ts'
import { launcher, serving } from './support/program.ts'

/** This Node, saying that it is an older one. */
const pretend = [
  process.execPath,
  '--import',
  'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.19.0"}})',
]

/** Every Node of the path that is too old to run the sources itself. */
const older = (process.env.PATH ?? '')
  .split(delimiter)
  .map(each => join(each, 'node'))
  .filter(node => {
    const major = Number(/^v(\d+)/.exec(spawnSync(node, ['--version']).stdout?.toString() ?? '')?.[1])
    return major >= 18 && major < 24
  })

const commands = [['a Node that says it is 20', pretend], ...older.slice(0, 1).map(node => [node, [node]])] as [
  string,
  string[],
][]

for (const [name, command] of commands) {
  test(`under ${name} the program serves, on the Node that came with it, and ends with it`, async t => {
    const { program, url } = await serving(t, join(folder(t), 'data'), {}, command)

    const metrics = await (await fetch(`${url}/metrics`)).text()
    program.child.kill('SIGTERM')
    const { code } = await program.ended

    const major = Number(/^nodejs_version_info\{.*major="(\d+)"/m.exec(metrics)?.[1])
    assert.ok(major >= 24, `it ran on ${major}`)
    assert.match(program.output, /SIGTERM: finishing/)
    assert.equal(code, 0)
  })

  test(`under ${name} a Ctrl-C in a terminal, which reaches all of its processes, stops it gently`, async t => {
    const { program, url } = await serving(t, join(folder(t), 'data'), {}, command)
    const group = program.child.pid
    assert.ok(group)

    process.kill(-group, 'SIGINT')
    const { code } = await program.ended

    assert.equal(code, 0)
    await until(() =>
      fetch(url).then(
        () => false,
        () => true,
      ),
    )
  })

  test(`under ${name} a start that fails says so once, with exit code 1`, async t => {
    const [node, ...before] = command as [string, ...string[]]
    const env = { PORT: 'eighty', STONECHAT_DATA: join(folder(t), 'data') }
    const program = new Process(t, node, [...before, launcher, 'serve'], { env })

    const { code } = await program.ended

    assert.equal(code, 1)
    assert.equal(program.errors.match(/PORT must be/g)?.length, 1)
  })
}

test('where the right Node was not installed, the launcher says how to get it', async t => {
  const place = folder(t)
  mkdirSync(join(place, 'bin'))
  cpSync(join(launcher, '..'), join(place, 'bin'), { recursive: true })
  const [node, ...before] = pretend as [string, ...string[]]

  const program = new Process(t, node, [...before, join(place, 'bin', 'stonechat.mjs'), 'serve'])
  const { code } = await program.ended

  assert.equal(code, 1)
  assert.match(program.errors, /stonechat needs Node 24\.13 or later, and this is 20\.19\.0\.\n.*npm install/)
})
