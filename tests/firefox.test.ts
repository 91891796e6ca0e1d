import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import puppeteer from 'puppeteer-core'
import { eventually, testNode } from './harness.ts'
import { afterwards } from './support/afterwards.ts'
import { pushed } from './support/push.ts'
import { mozillaService } from './support/vendors/mozilla.ts'

const executablePath = ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find(existsSync)
const conditions = { skip: executablePath ? false : 'Firefox is missing: install the Debian package firefox-esr' }

/** What stands in docs/push.md for a service worker to do. */
const worker = `self.addEventListener('push', event => {
  const { title, body, badge, silent, ext } = event.data.json()
  event.waitUntil(self.registration.showNotification(title, { body, silent, data: { badge, ext } }))
})`

/** Likewise, for a page. */
const script = `
  const ready = () => navigator.serviceWorker.ready
  const subscribe = async applicationServerKey => {
    await navigator.serviceWorker.register('/worker.js')
    const { pushManager } = await ready()
    return JSON.stringify(await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey }))
  }
  const unsubscribe = async () => (await (await ready()).pushManager.getSubscription()).unsubscribe()
  const shown = async () =>
    (await (await ready()).getNotifications()).map(({ title, body, data }) => ({ title, body, data }))
`

test('Firefox subscribes, shows what was pushed, and is forgotten after it unsubscribed', conditions, async t => {
  const service = await mozillaService(t)
  const node = await testNode(t, { pushOrigins: [service.origin] })
  const web = { name: 'web', provider: 'webpush', credentials: { subject: 'mailto:a@example.com' } }
  await node.admin.notifiers.createNotifier(web)
  const { app_key } = await node.stranger.as(node.adminToken).notifiers.getCertificate({ provider: 100 })
  const page = await visit(t, service.address)
  const ann = await node.signUp('ann')
  const audience = { user_id: [ann.id] }
  const message = { title: 'Hello Ann', body: '你好', ext: { room: 7 } }

  const device_token = (await page.evaluate(`subscribe(${JSON.stringify(app_key)})`)) as string
  await ann.devices.bindDeviceToken({ device_sn: ann.device, device_token, notifier_name: 'web' })
  const { task_id, outcomes } = await pushed(node.admin, { audience, message })
  const shown = async () => (await page.evaluate('shown()')) as object[]
  await eventually(async () => assert.equal((await shown()).length, 1), 10_000)
  const first = await shown()
  await page.evaluate('unsubscribe()')
  await eventually(async () => assert.equal(service.channels.size, 0), 10_000)
  const second = await pushed(node.admin, { audience, message })
  const { devices } = await node.admin.insight.explainPush({ user_id: ann.id })

  assert.deepEqual(outcomes, { sent: 1 })
  assert.deepEqual(first, [{ title: 'Hello Ann', body: '你好', data: { badge: 1, ext: { room: 7, task_id } } }])
  assert.deepEqual(second.outcomes, { dead_token: 1 })
  assert.deepEqual([devices[0]?.reasons[0]?.code, devices[0]?.reasons[0]?.detail], ['dead_token', 'HTTP 410'])
})

/** A page of an app, in a Firefox whose push service is this one. */
async function visit(t: TestContext, pushService: string) {
  const site = createServer(({ url }, response) => {
    const isWorker = url === '/worker.js'
    response.setHeader('content-type', isWorker ? 'text/javascript' : 'text/html')
    response.end(isWorker ? worker : `<!doctype html><title>An app</title><script>${script}</script>`)
  })
  await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve))
  afterwards(t, () => {
    site.closeAllConnections()
    return new Promise(resolve => site.close(resolve))
  })
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: executablePath as string,
    headless: true,
    extraPrefsFirefox: {
      // The system's own notifications need a desktop.
      'alerts.useSystemBackend': false,
      'dom.push.serverURL': `${pushService}/`,
      'dom.push.testing.allowInsecureServerURL': true,
      'dom.push.connection.enabled': true,
      'permissions.default.desktop-notification': 1,
    },
  })
  afterwards(t, () => browser.close())
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`)
  return page
}
