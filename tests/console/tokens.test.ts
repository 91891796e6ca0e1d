/** Tokens that admins and operators make and end from the console. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commandLine } from '../support/command-line.ts'
import { outcome } from '../support/outcomes.ts'
import { page } from '../support/page.ts'
import { operatorDesk } from '../support/staff.ts'

const day = 86_400_000

test('an admin makes, lists and revokes the tokens of its own app, and of no other', async t => {
  const { node, operator } = await operatorDesk(t)
  const other = await node.otherApp()
  const admin = page(node.url, { app_id: node.appId, 'access-token': node.adminToken })
  const foreign = page(node.url, { app_id: other.appId, 'access-token': other.adminToken })

  const made = await admin.data<{ token: string; token_id: string; expires_at: number }>('createAdminToken', {
    name: 'billing',
    days: 7,
  })
  const billing = node.stranger.as(made.token)
  const works = await outcome(billing.accounts.listUsers())
  const listed = await admin.data<{ name: string; state: string }[]>('listAdminTokens')
  const notTheirs = await foreign.code('revokeAdminToken', { token_id: made.token_id })
  const revoked = await admin.code('revokeAdminToken', { token_id: made.token_id })

  assert.ok(Math.abs(made.expires_at - Date.now() - 7 * day) < 60_000)
  assert.deepEqual([works, notTheirs, revoked], [200, 13021, 200])
  assert.equal(await outcome(billing.accounts.listUsers()), 402)
  assert.equal(await admin.code('revokeAdminToken', { token_id: made.token_id }), 13021)
  assert.ok(!JSON.stringify(listed).includes(made.token))
  assert.deepEqual(
    listed.map(({ name, state }) => [name, state]),
    [
      ['billing', 'live'],
      ['first-run', 'live'],
    ],
  )
  assert.equal(await operator.code('createAdminToken', { name: 'by operator' }, { app_id: other.appId }), 200)
  assert.equal((await foreign.data<object[]>('listAdminTokens')).length, 2)
})

test('an operator token made in the console is on the command line, and ends there and here', async t => {
  const { node, operator } = await operatorDesk(t)
  const { text, json, refusal } = commandLine(t, node.config.data)

  const made = await operator.data<{ token: string; token_id: string }>('createOperatorToken', { name: 'ben' })
  const ben = page(node.url, { 'access-token': made.token })
  const works = await ben.code('listApps')
  const table = await text('token', 'list', '--operator')
  await operator.data('revokeOperatorToken', { token_id: made.token_id })
  const printed = await json<{ token: string; token_id: string }>('token', 'create', '--operator', '--name', 'cid')
  const cid = page(node.url, { 'access-token': printed.token })

  assert.equal(works, 200)
  assert.match(table, /ben +.* live\n/)
  assert.equal(await ben.code('listApps'), 402)
  assert.equal(await cid.code('listApps'), 200)
  const again = await refusal('token', 'revoke', '--operator', made.token_id)
  assert.equal(again.sentence, `the operator token ${made.token_id} has ended already`)
  const both = await refusal('token', 'create', '--operator', '--app', node.appId, '--name', 'x')
  assert.match(both.sentence, /--operator and --app do not go together/)
  const trail = await operator.data<{ act: string; subject: string; actor: { kind: string } }[]>('listOperatorAudit')
  assert.deepEqual(
    trail.map(({ act, subject }) => [act, subject]),
    [
      ['token create', `operator token/${printed.token_id}`],
      ['revokeOperatorToken', `operator token/${made.token_id}`],
      ['createOperatorToken', `operator token/${made.token_id}`],
    ],
  )
})
