import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeOf, testNode } from './harness.ts'

test('a newcomer registers, signs in, changes the nickname, and is kicked', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')

  await ann.profiles.setNickname({ nick_name: 'Ann' })
  const profile = await ann.profiles.getProfile()
  await node.admin.actingFor(ann.id).devices.kick({ device_sn: ann.device })

  assert.equal(profile.nick_name, 'Ann')
  assert.equal(await codeOf(ann.profiles.getProfile()), 402)
})
