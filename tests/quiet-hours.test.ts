import assert from 'node:assert/strict'
import { test } from 'node:test'
import { localTime } from '../server/push/eligibility.ts'
import { testNode } from './harness.ts'
import { stoppedClock } from './support/clock.ts'
import { pushed, reachable } from './support/push.ts'

const message = { title: 'Hello', body: 'world' }

test("quiet hours are read in the user's own zone, and in the app's where it has none", async t => {
  const clock = stoppedClock()
  clock.at = new Date(clock.start).setUTCHours(12, 30)
  const node = await testNode(t, {}, clock.now)
  const { otherApp } = node
  const inTokyo = await otherApp({ time_zone: 'Asia/Tokyo' })
  const sleeper = async (name: string, time_zone: string, app: typeof inTokyo | typeof node = node) => {
    const person = await reachable(app, name)
    const quiet = { no_push_start_hour: 21, no_push_end_hour: 23 }
    await person.settings.setSettings({ user_id: person.id, time_zone, ...quiet })
    const { outcomes } = await pushed(app.admin, { audience: { user_id: [person.id] }, message })
    return outcomes
  }

  assert.deepEqual(await sleeper('ann', 'Asia/Tokyo'), { quiet_hours: 1 })
  assert.deepEqual(await sleeper('ben', 'Asia/Shanghai'), { sent: 1 })
  assert.deepEqual(await sleeper('cid', 'UTC'), { sent: 1 })
  assert.deepEqual(await sleeper('dee', '', inTokyo), { quiet_hours: 1 })
  assert.deepEqual(await sleeper('eve', 'UTC', inTokyo), { sent: 1 })
})

test('a zone takes an hour at the end of summer twice, and skips one when it begins', () => {
  const berlin = (month: number, day: number, hour: number) =>
    localTime('Europe/Berlin', Date.UTC(2026, month - 1, day, hour, 30)).hour

  const [winter, summer] = [berlin(1, 15, 12), berlin(7, 15, 12)]
  const intoSummer = [0, 1].map(hour => berlin(3, 29, hour))
  const intoWinter = [0, 1].map(hour => berlin(10, 25, hour))

  assert.deepEqual([winter, summer], [13, 14])
  assert.deepEqual(intoSummer, [1, 3])
  assert.deepEqual(intoWinter, [2, 2])
})
