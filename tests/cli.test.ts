import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Command } from 'commander'
import { defaultPolicy } from '../server/apps/apps.ts'
import { rules } from '../server/apps/policy.ts'
import { makeProgram } from '../server/cli/program.ts'
import { settings } from '../server/config.ts'
import { folder, testNode } from './harness.ts'
import { commandLine } from './support/command-line.ts'
import { serving } from './support/program.ts'

const pathTo = (command: Command): string[] => (command.parent ? [...pathTo(command.parent), command.name()] : [])
const tree = (command: Command): Command[] => [command, ...command.commands.flatMap(tree)]
const flat = (text: string) => text.replace(/\s+/g, ' ')

test('--help of every command says what it is for, names every option, and gives an example', async t => {
  const { text } = commandLine(t, folder(t))
  const all = tree(await makeProgram(['help']))

  for (const command of all) {
    const help = flat(await text(...pathTo(command), '--help'))

    assert.ok(help.includes(flat(command.description())), pathTo(command).join(' '))
    for (const option of command.options)
      assert.ok(help.includes(`--${option.name()}`), `${command.name()} ${option.long}`)
    for (const each of command.commands) assert.ok(help.includes(each.description().split(' ')[0] as string))
    if (command.commands.length === 0)
      assert.match(help, new RegExp(`Examples?: stonechat ${pathTo(command).join(' ')}`))
  }

  assert.deepEqual(all.map(command => pathTo(command).join(' ')).filter(Boolean), [
    'serve',
    ...['app', 'app create', 'app list', 'app show', 'app set'],
    ...['token', 'token create', 'token list', 'token revoke'],
    ...['notifier', 'notifier create', 'notifier list', 'notifier rotate', 'notifier disable', 'notifier enable'],
    ...['push', 'push tail'],
    ...['user', 'user show', 'user ban', 'user unban', 'user delete', 'user password'],
    ...['audit', 'audit list', 'audit export', 'audit verify'],
    ...['import', 'import users'],
    ...['webhook', 'webhook listen'],
    'backup',
    'restore',
    'migrate',
    'top',
    'version',
  ])
})

test('serve --help lists every setting: variable, default, meaning', async t => {
  const { text } = commandLine(t, folder(t))

  const help = flat(await text('serve', '--help'))

  for (const { variable, fallback, meaning } of Object.values(settings)) {
    assert.ok(help.includes(`${variable} ${meaning}`), variable)
    if (!meaning.includes('default:'))
      assert.ok(help.includes(`${meaning} default: ${String(fallback) || 'none'}`), variable)
  }
})

test('without a word it shows what there is', async t => {
  const { text } = commandLine(t, folder(t))

  assert.equal(await text(), await text('--help'))
})

const wrongCalls: [words: string[], sentence: RegExp][] = [
  [['ap'], /^unknown command 'ap' \(did you mean app\?\); see stonechat --help$/i],
  [['app'], /^say what to do: create, list, show, set; see stonechat app --help$/],
  [['app', 'list', 'more'], /too many arguments.*; see stonechat app list --help$/],
  [['app', 'create', '--frosen'], /^unknown option '--frosen'/],
  [['app', 'create', 'shop'], /^"shop" is no setting=value, such as registration=closed$/],
  [['app', 'create', 'colour=red'], /^colour is no setting of an app: there are name, frozen, /],
  [['app', 'set'], /^say what to set/],
  [['app', 'list', '--data', ''], /^--data is empty: name the data folder$/],
  [['token', 'create'], /required option '--name <name>' not specified; see stonechat token create --help$/],
  [['token', 'create', '--name', 'x', '--days', '1.5'], /^--days must be a whole number from 1 to 3650, and is "1.5"$/],
  [['token', 'revoke'], /missing required argument 'id'; see stonechat token revoke --help$/],
  [['notifier', 'create', '--name', 'x', '--provider', 'pigeon'], /choices are capture, apns, .*, fcm, webpush; see/],
  [['user', 'password', 'ann', 'the password'], /too many arguments/],
  [['serve', '--port', '80'], /^unknown option '--port'/],
]

test('a wrong call is refused with one sentence and exit code 2, and nothing is made', async t => {
  const data = join(folder(t), 'data')
  const { refusal } = commandLine(t, data)

  for (const [words, expected] of wrongCalls) {
    const { code, sentence } = await refusal(...words)

    assert.match(sentence, expected)
    assert.equal(code, 2, words.join(' '))
  }
  assert.ok(!existsSync(data))
})

test('with --json a failure is one JSON document on the standard error', async t => {
  const { run } = commandLine(t, folder(t))

  const wrong = await run(['app', 'frob', '--json'])
  const failed = await run(['--json', 'app', 'list'])
  const endless = await run(['serve', '--json'])

  assert.deepEqual([wrong.code, wrong.output, failed.code, failed.output], [2, '', 1, ''])
  assert.deepEqual([endless.code, endless.output], [2, ''])
  assert.match((JSON.parse(endless.errors) as { error: string }).error, /^serve does not take --json/)
  assert.match((JSON.parse(wrong.errors) as { error: string }).error, /^unknown command 'frob'/)
  assert.match((JSON.parse(failed.errors) as { error: string }).error, /^there is no Stonechat database in/)
})

test('a mistyped data folder is not made, but named, with what to do', async t => {
  const missing = join(folder(t), 'missing')
  const { refusal } = commandLine(t, folder(t))

  const { code, sentence } = await refusal('app', 'list', '--data', missing)

  assert.equal(code, 1)
  assert.equal(
    sentence,
    `there is no Stonechat database in ${missing}: name the folder with --data or STONECHAT_DATA, or make it with stonechat migrate`,
  )
  assert.ok(!existsSync(missing))
})

test('--data counts before the command and after it, and more than STONECHAT_DATA', async t => {
  const data = join(folder(t), 'data')
  const { text, json } = commandLine(t, folder(t))
  await text('--data', data, 'app', 'create')

  const before = await json<{ apps: object[] }>('--data', data, 'app', 'list')
  const after = await json<{ apps: object[] }>('app', 'list', '--data', data)

  assert.equal(before.apps.length, 1)
  assert.deepEqual(after, before)
})

test('what is made in the data folder is for its owner alone', async t => {
  const data = join(folder(t), 'data')

  await commandLine(t, data).text('app', 'create')

  const modes = ['', ...readdirSync(data)].map(name => statSync(join(data, name)).mode & 0o077)
  assert.deepEqual([...new Set(modes)], [0])
  assert.ok(modes.length > 2)
})

test('what is no database is called so', async t => {
  const data = folder(t)
  writeFileSync(join(data, 'stonechat.db'), 'this is not a database, but a text of some length\n'.repeat(20))

  const { code, sentence } = await commandLine(t, data).refusal('app', 'list')

  assert.equal(code, 1)
  assert.equal(sentence, 'stonechat.db in the data folder is no database: name another folder, or put back a backup')
})

test('a stack is shown only where STONECHAT_LOG=debug asks for it', async t => {
  const { run } = commandLine(t, folder(t), { STONECHAT_LOG: 'debug' })

  const { errors } = await run(['app', 'list'])

  assert.match(errors, /^stonechat: there is no Stonechat database.*\n(.*\n)*? +at /)
})

test('version names the version of the package and of Node', async t => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  const { json, text } = commandLine(t, folder(t))

  assert.deepEqual(await json('version'), { version, node: process.versions.node })
  assert.equal(await text('version'), `stonechat ${version} (Node ${process.versions.node})\n`)
})

test('top shows what a running node does', async t => {
  const node = await testNode(t)
  await node.signUp('ann')
  const { text, refusal } = commandLine(t, node.config.data)

  const screen = await text('top', '--url', node.url, '--times', '1')
  const { sentence } = await refusal('top', '--url', 'http://127.0.0.1:1')

  assert.match(screen, /^users +1 +devices 1$/m)
  assert.ok(!screen.includes('\u001b'), 'no control sequences where there is no terminal')
  assert.match(sentence, /^no node answers at http:\/\/127\.0\.0\.1:1: start one with `stonechat serve`/)
})

test('the server starts without what only the other commands need', async t => {
  const report = `import { registerHooks } from 'node:module'
    registerHooks({ load: (url, context, next) => (process.stderr.write(url + '\\n'), next(url, context)) })`
  const told = [process.execPath, '--import', `data:text/javascript,${encodeURIComponent(report)}`]

  const { program } = await serving(t, join(folder(t), 'data'), {}, told)

  const loaded = program.errors.split('\n').filter(url => /commander|\/server\/cli/.test(url))
  assert.deepEqual(loaded.map(url => url.replace(/.*\/server\//, '')).sort(), [
    ...['cli.ts', 'cli/failure.ts', 'cli/print.ts', 'cli/serve.ts'],
  ])
})

test('the page about the command line has every command, and every setting of an app with its default', async () => {
  const page = readFileSync(new URL('../docs/cli.md', import.meta.url), 'utf8')
  const all = tree(await makeProgram(['help'])).filter(command => command.commands.length === 0)

  for (const command of all)
    assert.ok(
      page.includes(`stonechat ${pathTo(command).join(' ')}`) || page.includes(`\`${pathTo(command).join(' ')}\``),
    )
  for (const { word, textOf } of rules)
    assert.match(page, new RegExp(`^\\| \`${word}\` \\|.*\\| \`?${textOf(defaultPolicy) || 'none'}\`? \\|`, 'm'))
})
