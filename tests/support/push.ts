import assert from 'node:assert/strict'
import type { Client } from '../../client/index.ts'
import { eventually, type Person, type TestNode } from '../harness.ts'

type Admin = Pick<Client, 'delivery'>

/** Waits until the task is done, and returns how far it came. */
export async function done({ delivery }: Admin, task_id: number, milliseconds = 20_000) {
  let progress = await delivery.taskProgress({ task_id })
  await eventually(async () => {
    progress = await delivery.taskProgress({ task_id })
    const { state, devices, settled } = progress
    assert.ok(state === 'done' || (state === 'cancelled' && settled >= devices), JSON.stringify(progress))
  }, milliseconds)
  return progress
}

/** Pushes, and waits for the end. */
export async function pushed(admin: Admin, wanted: Parameters<Client['delivery']['notify']>[0]) {
  const { task_id } = await admin.delivery.notify(wanted)
  return done(admin, task_id)
}

/** Everything that the capture notifiers of the app kept, oldest first. */
export async function captured({ delivery }: Admin) {
  const all = []
  for (let cursor = ''; ; ) {
    const page = await delivery.listCaptures({ cursor })
    all.push(...page.data)
    if (!page.more) return all
    cursor = page.cursor
  }
}

/** Signed in, with a device token under a notifier. */
export async function reachable(
  node: Pick<TestNode, 'signUp'>,
  name: string,
  notifier_name = 'capture',
): Promise<Person> {
  const person = await node.signUp(name)
  await person.devices.bindDeviceToken({ device_sn: person.device, device_token: `token of ${name}`, notifier_name })
  return person
}
