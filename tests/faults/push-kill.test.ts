// Runs once: kills of a node that serves alone, whose claims are free when it starts again; those of several run out.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openInstallation } from '../../server/installation.ts'
import { folder } from '../harness.ts'
import { amount } from '../support/amount.ts'
import { makeCrowd } from '../support/crowd.ts'
import { until } from '../support/outcomes.ts'
import { serving } from '../support/program.ts'
import { done } from '../support/push.ts'
import { appleService } from '../support/vendors/apns.ts'
import { certificate } from '../support/vendors/certificate.ts'
import { apple, keyPair } from '../support/vendors/senders.ts'

const devices = amount(3000, 100_000)
const kills = amount(20, 200)
/** What may be under way at a kill: jobs of one notifier at once, and devices of a job. */
const underWay = 4 * 500

const conditions = { timeout: amount(5, 240) * 60_000 }

test(
  'a broadcast outlives kills at any moment: nobody is left out, and a badge counts it once',
  conditions,
  async t => {
    const data = join(folder(t), 'data')
    const { secret, open } = keyPair('ec')
    const service = await appleService(t, { [apple.key_id]: { team: apple.team_id, pem: open } }, { latency: 20 })
    const authorities = join(folder(t), 'authorities.pem')
    writeFileSync(authorities, certificate)
    const env = { STONECHAT_PUSH_ORIGINS: service.origin, STONECHAT_PUSH_CA: authorities }
    const first = await serving(t, data, env)
    const credentials = { ...apple, key: secret, endpoint: service.origin }
    await first.admin.notifiers.createNotifier({ name: 'ios', provider: 'apns', credentials })
    first.program.child.kill('SIGTERM')
    await first.program.ended
    await phones(data, first.first.app_id)

    const tasks: { id: number; kills: number }[] = []
    let killed = 0
    for (;;) {
      const server = await serving(t, data, env)
      const { delivery } = server.admin
      const last = tasks.at(-1)
      const isOver = !last || (await delivery.taskProgress({ task_id: last.id })).state === 'done'
      if (isOver && killed >= kills) {
        await inspect(server, tasks)
        break
      }
      if (isOver) {
        const { task_id } = await delivery.notify({ audience: 'all', message: { title: 'Hello' } })
        tasks.push({ id: task_id, kills: 0 })
      }
      const task = tasks.at(-1) as (typeof tasks)[number]
      if (killed >= kills) {
        await done(server.admin, task.id, 60_000)
        await inspect(server, tasks)
        break
      }
      const killAt = service.received.length + Math.floor(Math.random() * devices * 0.7)
      const end = performance.now() + Math.random() * 600
      await until(() => service.received.length >= killAt || performance.now() > end)
      server.program.child.kill('SIGKILL')
      await server.program.ended
      killed++
      task.kills++
    }

    async function inspect({ admin }: Awaited<ReturnType<typeof serving>>, tasks: { id: number; kills: number }[]) {
      let repeated = 0
      for (const [i, task] of tasks.entries()) {
        const { outcomes } = await admin.delivery.taskProgress({ task_id: task.id })
        const [detail] = await admin.delivery.taskDetail({ list: [task.id] })
        const pushes = service.received.filter(({ payload }) => payload.ext.task_id === task.id)
        const reached = new Set(pushes.map(({ token }) => token))
        const more = pushes.length - reached.size
        repeated += more

        assert.deepEqual(outcomes, { sent: devices })
        assert.equal(detail?.apns_sent, devices)
        assert.equal(reached.size, devices, 'every device got it')
        assert.ok(more <= task.kills * underWay, `${more} repeated after ${task.kills} kills`)
        assert.deepEqual([...new Set(pushes.map(({ payload }) => payload.aps.badge))], [i + 1])
      }
      assert.deepEqual(await badgesIn(data), [{ badge: tasks.length, users: devices }])
      t.diagnostic(`${killed} kills, ${tasks.length} pushes to ${devices} devices: 0 lost, ${repeated} repeated`)
    }
  },
)

async function badgesIn(data: string) {
  const { store } = await openInstallation({ data, masterKey: '' })
  const badges = await store.sql<{ badge: number; users: number }>`
    select badge, count(*) as users from settings group by badge`
  await store.close()
  return badges
}

/** Users with a phone each. */
async function phones(data: string, app: string) {
  const members = await makeCrowd(data, app, devices)
  const { store } = await openInstallation({ data, masterKey: '' })
  await store.sql.begin(async sql => {
    for (const { id } of members)
      await sql`
    insert into bindings (app_id, notifier_name, device_token, user_id, device_sn, bound_at)
    values (${app}, ${'ios'}, ${`phone${id}`}, ${id}, ${1}, ${1})`
  })
  await store.close()
}
