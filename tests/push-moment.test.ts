import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isWithin, localTime } from '../server/push/eligibility.ts'
import { testNode } from './harness.ts'
import { captured, pushed, reachable } from './support/push.ts'

const secret = { title: 'Dr. Miller', body: 'your results', ext: { diagnosis: 'secret' }, ios: { subtitle: 'secret' } }

test('quiet hours begin with the first hour, end before the last, and may cross midnight; equal means none', () => {
  const hours = (start: number, end: number) =>
    Array.from({ length: 24 }, (_, hour) => hour).filter(hour => isWithin(hour, start, end))

  assert.deepEqual(hours(9, 12), [9, 10, 11])
  assert.deepEqual(hours(22, 2), [0, 1, 22, 23])
  assert.deepEqual(hours(7, 7), [])
  assert.deepEqual(hours(0, 23).length, 23)
})

test('the hour is that of the zone, on both sides of summer time', () => {
  const hourIn = (zone: string, time: string) => localTime(zone, Date.parse(time)).hour

  assert.equal(hourIn('Europe/Berlin', '2026-03-29T00:59:00Z'), 1)
  assert.equal(hourIn('Europe/Berlin', '2026-03-29T01:01:00Z'), 3)
  assert.equal(hourIn('Europe/Berlin', '2026-10-25T00:30:00Z'), 2)
  assert.equal(hourIn('Europe/Berlin', '2026-10-25T01:30:00Z'), 2)
  assert.equal(hourIn('Asia/Shanghai', '2026-06-01T16:00:00Z'), 0)
  assert.equal(hourIn('Asia/Kolkata', '2026-06-01T18:45:00Z'), 0)
})

test('at the moment of sending it counts who is banned, wants no push, sleeps, or hides details', async t => {
  const now = Date.parse('2026-06-01T18:30:00Z')
  const node = await testNode(t, {}, () => now)
  const [ann, ben, cay, dan, eve] = await Promise.all(
    ['ann', 'ben', 'cay', 'dan', 'eve'].map(name => reachable(node, name)),
  )
  assert.ok(ann && ben && cay && dan && eve)
  await node.admin.accounts.disable({ list: [ann.id] })
  await ben.settings.setNoPush({ value: true })
  await cay.settings.setQuietHours({ no_push_start_hour: 2, no_push_end_hour: 3 })
  await dan.settings.setNoPushDetail({ value: true })
  await eve.settings.setSettings({ user_id: eve.id, silence_start_time: 1, silence_end_time: 4 })

  const { outcomes } = await pushed(node.admin, { audience: 'all', message: secret })
  const all = await captured(node.admin)
  const forDan = all.find(({ user_id }) => user_id === dan.id)
  const forEve = all.find(({ user_id }) => user_id === eve.id)

  assert.equal(outcomes.no_push, 1)
  assert.equal(outcomes.quiet_hours, 1)
  assert.equal(outcomes.banned, 1)
  assert.equal(outcomes.sent, 2)
  assert.equal(forDan?.payload.body, '您有一条新消息')
  assert.doesNotMatch(JSON.stringify(forDan?.payload), /Miller|results|secret|diagnosis/)
  assert.deepEqual([forDan?.payload.quiet, forEve?.payload.quiet, forEve?.payload.title], [false, true, 'Dr. Miller'])
})
