/** What a failed sign-in tells: nothing, neither by its bytes nor by how long it takes. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Passwords } from '../../server/accounts/passwords.ts'
import { folder, type TestNode, testNode } from '../harness.ts'
import { amount } from '../support/amount.ts'
import { exchange, type Raw } from '../support/http.ts'
import { serving } from '../support/program.ts'
import { hashQuickly } from '../support/quick-hashing.ts'
import { times } from '../support/races.ts'
import { rankDistance, timed } from './figures.ts'

const each = amount(300, 3000)

const trying = (appId: string, path: string, body: object, headers: Record<string, string> = {}): Raw => ({
  method: 'POST',
  path,
  headers: { app_id: appId, 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})

test('a wrong password, an unknown name and a deleted user are answered in the same bytes, on every way in', async t => {
  const node = await testNode(t)
  const [ann, gone] = [await node.signUp('ann', 'x'), await node.signUp('gone', 'x')]
  await node.admin.actingFor(ann.id).accounts.setMobile({ mobile: '+4915112345678' })
  await node.admin.actingFor(gone.id).accounts.setMobile({ mobile: '+4915187654321' })
  await node.admin.actingFor(gone.id).accounts.deleteUser({})
  const subjects: [path: string, body: object][] = [
    ...['ann', 'nobody', 'gone', 'ANN'].map((name): [string, object] => ['/token/user', { name }]),
    ...[ann.id, 999_999, gone.id].map((user_id): [string, object] => ['/token/id', { user_id }]),
    ...['ann', 'nobody', 'gone', '+4915112345678', '+4915187654321', 'no@body.example'].map(
      (login_name): [string, object] => ['/token/login', { login_name }],
    ),
  ]

  for (const language of ['en', 'zh']) {
    const answers = new Set<string>()
    for (const [path, body] of subjects) {
      const raw = trying(node.appId, path, { ...body, password: 'wrong' }, { 'accept-language': language })
      const { status, headers, text } = await exchange(node.url, raw)
      answers.add(JSON.stringify([status, { ...headers, date: '', 'x-request-id': '' }, text]))
    }
    assert.equal(answers.size, 1, [...answers].join('\n'))
  }
})

test('a banned user that gives a wrong password hears nothing of the ban', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann', 'x')
  const wrong = trying(node.appId, '/token/user', { name: 'ann', password: 'wrong' })
  const before = (await exchange(node.url, wrong)).text

  await node.admin.accounts.disable({ list: [ann.id] })

  assert.equal((await exchange(node.url, wrong)).text, before)
})

test('an unknown name takes as long as a wrong password', async t => {
  const { url, first, stranger } = await serving(t, folder(t))
  await stranger.accounts.register({ username: 'ann', password: 'x' })

  let z = await distance(url, first.app_id, each)
  // By chance alone one run in 370 is as far apart; what is really apart is so twice.
  if (Math.abs(z) >= 3) z = await distance(url, first.app_id, each)

  t.diagnostic(`${each} + ${each} sign-ins, z = ${z.toFixed(2)}`)
  assert.ok(Math.abs(z) < 3, `z = ${z}`)
})

test('the measure sees a server that hashes for those alone whom it knows', async t => {
  const node = await leaky(t)
  await node.signUp('ann', 'x')

  const z = await distance(node.url, node.appId, 60)

  t.diagnostic(`60 + 60 sign-ins, z = ${z.toFixed(2)}`)
  assert.ok(Math.abs(z) > 4, `z = ${z}`)
})

/** How far the times of an unknown name and of a wrong password are apart, tried in turn in a random order. */
async function distance(url: string, appId: string, size: number): Promise<number> {
  const wrong = trying(appId, '/token/user', { name: 'ann', password: 'wrong' })
  const unknown = trying(appId, '/token/user', { name: 'bob', password: 'wrong' })
  const took = { wrong: [] as number[], unknown: [] as number[] }
  for (const _ of times(10, i => i)) await exchange(url, wrong)
  for (const _ of times(size, i => i)) {
    const wrongFirst = Math.random() < 0.5
    if (wrongFirst) took.wrong.push(await timed(() => exchange(url, wrong)))
    took.unknown.push(await timed(() => exchange(url, unknown)))
    if (!wrongFirst) took.wrong.push(await timed(() => exchange(url, wrong)))
  }
  return rankDistance(took.wrong, took.unknown)
}

/** Two milliseconds for a password that can be right, and none for one that cannot. */
async function leaky(t: TestContext): Promise<TestNode> {
  const node = await testNode(t)
  hashQuickly(node, 0)
  const { passwords } = node.node.services
  node.node.services.passwords = Object.assign(Object.create(Passwords.prototype), {
    hash: (password: string) => passwords.hash(password),
    isOutdated: () => false,
    async verify(phc: string | undefined, password: string) {
      if (phc === undefined) return false
      await new Promise(resolve => setTimeout(resolve, 2))
      return passwords.verify(phc, password)
    },
  })
  return node
}
