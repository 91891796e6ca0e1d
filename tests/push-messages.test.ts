import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeOf, testNode } from './harness.ts'
import { captured, done, reachable } from './support/push.ts'

test('a message of a chat carries the name that its sender has at the moment of sending', async t => {
  const node = await testNode(t)
  const ann = await reachable(node, 'ann')
  const ben = await node.signUp('ben')
  const cay = await reachable(node, 'cay')
  await cay.settings.setNoPushDetail({ value: true })
  const send = async (message: { title?: string; body: string }) => {
    const { task_id } = await node.admin.delivery.pushMessage({ from: ben.id, to: [ann.id, cay.id], message })
    await done(node.admin, task_id)
    const all = await captured(node.admin)
    const titleOf = (user: number) =>
      all.find(each => each.task_id === task_id && each.user_id === user)?.payload.title as string
    return [titleOf(ann.id), titleOf(cay.id)]
  }

  assert.deepEqual(await send({ body: 'hi' }), ['ben', ''])
  await ben.profiles.setNickname({ nick_name: 'Benjamin' })
  assert.deepEqual(await send({ body: 'hi' }), ['Benjamin', ''])
  await ben.settings.setPushNickname({ value: 'Big Ben' })
  assert.deepEqual(await send({ body: 'hi' }), ['Big Ben', ''])
  assert.deepEqual(await send({ title: 'The crew', body: 'hi' }), ['The crew', ''])
})

test('a message of a chat from nobody is refused, and goes before a push to all', async t => {
  const node = await testNode(t)
  const ann = await reachable(node, 'ann')
  const { delivery } = node.admin
  const show_begin_time = Math.ceil(Date.now() / 1000) + 1

  const all = await delivery.notify({ audience: 'all', message: { title: 'later', show_begin_time } })
  const chat = await delivery.pushMessage({
    from: ann.id,
    to: [ann.id],
    message: { title: 'first', body: 'hi', show_begin_time },
  })
  await Promise.all([done(node.admin, all.task_id), done(node.admin, chat.task_id)])

  const titles = (await captured(node.admin)).map(({ payload }) => payload.title)
  assert.deepEqual(titles, ['first', 'later'])
  assert.equal(await codeOf(delivery.pushMessage({ from: 999_999, to: [ann.id], message: { body: 'x' } })), 10000)
})
