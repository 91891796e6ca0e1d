import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { folder } from '../harness.ts'
import { until } from '../support/outcomes.ts'
import { serving } from '../support/program.ts'
import { captured, done } from '../support/push.ts'

test('what was paused, cancelled or has expired stays so across a kill', async t => {
  const data = join(folder(t), 'data')
  const { program, stranger, admin } = await serving(t, data)
  await stranger.accounts.register({ username: 'ann', password: 'pw' })
  const session = await stranger.tokens.signInByName({ name: 'ann', password: 'pw' })
  const { device_sn } = session
  await stranger
    .as(session.token)
    .devices.bindDeviceToken({ device_sn, device_token: 'of ann', notifier_name: 'capture' })
  const soon = Math.ceil(Date.now() / 1000) + 1
  const notify = (title: string, show_end_time?: number) =>
    admin.delivery.notify({
      audience: 'all',
      message: { title, show_begin_time: soon, ...(show_end_time && { show_end_time }) },
    })
  const [paused, cancelled, late] = [await notify('paused'), await notify('cancelled'), await notify('late', soon + 1)]
  await admin.delivery.pauseTask(paused)
  await admin.delivery.cancelTask(cancelled)

  program.child.kill('SIGKILL')
  await program.ended
  await until(() => Date.now() > (soon + 1) * 1000)
  const after = await serving(t, data)
  const { outcomes } = await done(after.admin, late.task_id)
  const stateOf = async (task: { task_id: number }) => (await after.admin.delivery.taskProgress(task)).state
  const states = [await stateOf(paused), await stateOf(cancelled)]
  const before = (await captured(after.admin)).length
  await after.admin.delivery.resumeTask(paused)
  await done(after.admin, paused.task_id)

  assert.deepEqual(outcomes, { expired: 1 })
  assert.deepEqual([states, before], [['paused', 'cancelled'], 0])
  assert.deepEqual(
    (await captured(after.admin)).map(({ payload }) => payload.title),
    ['paused'],
  )
})
