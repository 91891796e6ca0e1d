/** What the sources themselves must not hold: it has failed other services of this kind where no test had looked. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  BinaryExpression,
  CallExpression,
  Literal,
  MemberExpression,
  NewExpression,
  Node,
  TaggedTemplateExpression,
  TemplateLiteral,
} from 'acorn'
import { checkSync } from 'recheck'
import { contract } from '../../contract/index.ts'
import { memoryLimits } from '../../server/limits/memory.ts'
import { testNode } from '../harness.ts'
import { exchange } from '../support/http.ts'
import { outcome } from '../support/outcomes.ts'
import { find, sources } from '../support/sources.ts'

const all = sources('server', 'contract', 'client', 'bin')
const statement = /\b(select\b.*\bfrom|insert\s+into|update\b.*\bset|delete\s+from)\b/is
const isTag = (name: string) => /^sql$/i.test(name)

/** The text of a string or a template, with a sign in place of what is put in. */
const textOf = (node: Node): string =>
  node.type === 'TemplateLiteral'
    ? (node as TemplateLiteral).quasis.map(({ value }) => value.cooked).join('?')
    : String((node as Literal).value)

// Row 22
test('no statement is put together from strings: what has values is a template of the sql tag', () => {
  const templates = find<TemplateLiteral>(all, 'TemplateLiteral').filter(({ node, around }) => {
    const tag = (around.at(-1) as TaggedTemplateExpression).tag
    const isTagged = tag?.type === 'Identifier' && isTag(tag.name)
    return node.expressions.length > 0 && !isTagged && statement.test(textOf(node))
  })
  const sums = find<BinaryExpression>(all, 'BinaryExpression').filter(({ node }) =>
    [node.left, node.right].some(
      side => (side.type === 'Literal' || side.type === 'TemplateLiteral') && statement.test(textOf(side)),
    ),
  )
  const tagged = find<TaggedTemplateExpression>(all, 'TaggedTemplateExpression')

  assert.deepEqual(
    [...templates, ...sums].map(({ where }) => where),
    [],
  )
  assert.ok(tagged.length > 150, 'the sources hold statements')
})

// Row 22
test('outside of the storage nobody runs text: a statement that is prepared there is one literal', () => {
  const runs = find<CallExpression>(all, 'CallExpression').filter(({ where, node: { callee, arguments: given } }) => {
    if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return false
    if (!['prepare', 'unsafe'].includes(callee.property.name) || where.startsWith('server/storage/')) return false
    return given[0]?.type !== 'Literal'
  })

  assert.deepEqual(
    runs.map(({ where }) => where),
    [],
  )
})

/** The patterns of the contract, which the server makes into expressions. */
function patternsOf(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) return found
  for (const [name, member] of Object.entries(value)) {
    if (name === 'pattern' && typeof member === 'string') found.add(member)
    else patternsOf(member, found)
  }
  return found
}

// Row 40
test('no regular expression takes more than linear time, whatever text it is given', t => {
  const written = find<Literal>(all, 'Literal').flatMap(({ where, node: { regex } }) =>
    regex ? [{ where, ...regex }] : [],
  )
  const made = [...patternsOf(contract)].map(pattern => ({ where: 'contract', pattern, flags: 'u' }))
  const slow = [...written, ...made].filter(({ pattern, flags }) => checkSync(pattern, flags).status !== 'safe')
  const others = find<NewExpression>(all, 'NewExpression').filter(
    ({ node: { callee } }) => callee.type === 'Identifier' && callee.name === 'RegExp',
  )

  assert.deepEqual(slow, [])
  assert.deepEqual(
    others.map(({ where }) => where.split(':')[0]),
    ['server/http/values.ts'],
  )
  assert.ok(made.length >= 5)
  t.diagnostic(`${written.length} expressions and ${made.length} patterns of the contract: all linear`)
})

test('the look at expressions sees one that is not linear', () => {
  assert.equal(checkSync('^(a+)+$', '').status, 'vulnerable')
})

// Row 41
test('nothing on the server comes from a weak generator of random numbers', () => {
  const weak = find<MemberExpression>(sources('server', 'contract', 'bin'), 'MemberExpression').filter(
    ({ node: { object, property } }) =>
      object.type === 'Identifier' &&
      object.name === 'Math' &&
      property.type === 'Identifier' &&
      property.name === 'random',
  )

  assert.deepEqual(
    weak.map(({ where }) => where),
    [],
  )
})

// Row 41
test('what strangers choose makes no new figure: neither paths, names, codes nor agents', async t => {
  const node = await testNode(t)
  const series = async () => {
    const { text } = await exchange(node.url, { path: '/metrics' })
    return text.split('\n').filter(line => line.startsWith('stonechat_')).length
  }
  const strange = async (i: number) => {
    const headers = {
      app_id: `app${i}`,
      'access-token': `token${i}`,
      'user-agent': `agent${i}`,
      user_id: String(i + 1),
    }
    await exchange(node.url, { path: `/user/nobody${i}?a${i}=1`, headers })
    await exchange(node.url, { method: 'PATCH', path: `/user/profile/${i}`, headers })
    await exchange(node.url, { path: '/user/profile', headers })
    await outcome(node.stranger.tokens.signInByName({ name: `name${i}`, password: 'x' }))
  }

  await strange(0)
  const before = await series()
  for (let i = 1; i <= 50; i++) await strange(i)

  assert.equal(await series(), before)
})

// Row 41
test('a flood of names costs the limiter no memory: beyond its bound it forgets the oldest', async () => {
  const rule = { count: 2, seconds: 3600 }
  const { take } = memoryLimits({ account: rule, address: rule, registration: rule }, () => 0)
  const tries = async (key: string) => [
    await succeeds(take('account', 'app', key)),
    await succeeds(take('account', 'app', key)),
    await succeeds(take('account', 'app', key)),
  ]

  const first = await tries('first')
  for (let i = 0; i < 100_000; i++) await take('account', 'app', `name ${i}`)
  const again = await tries('first')

  assert.deepEqual(first, [true, true, false])
  assert.deepEqual(again, [true, true, false])
})

const succeeds = (call: Promise<void>) =>
  call.then(
    () => true,
    () => false,
  )
