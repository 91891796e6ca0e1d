import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { type Person, testNode } from './harness.ts'
import { afterwards } from './support/afterwards.ts'
import { captured, done } from './support/push.ts'
import { online } from './support/realtime.ts'
import { appleService } from './support/vendors/apns.ts'
import { accounts, chineseVendors } from './support/vendors/chinese.ts'
import { googleService } from './support/vendors/fcm.ts'
import { apple, keyPair, reaching } from './support/vendors/senders.ts'
import { type Browser, decrypted, webService } from './support/vendors/web.ts'

/** Stands in everything that a caller can say. */
const canary = 'canary7Q'

const block = { sound: canary, channel_id: canary, click_action: 'intent', intent: `app://${canary}` }
const message = {
  type: 'image',
  title: `${canary} title`,
  body: `${canary} body`,
  big_text: `${canary} big`,
  ext: { [canary]: canary },
  ios: { sound: canary, category: canary, thread_id: canary, subtitle: canary, apns_collapse_id: canary },
  android: block,
  huawei: { ...block, badge_class: canary },
  xiaomi: block,
  oppo: block,
  vivo: block,
  flyme: block,
  fcm: block,
}

const providers = ['apns', 'fcm', 'huawei', 'xiaomi', 'oppo', 'vivo', 'meizu', 'webpush', 'capture'] as const

test('who hides details is told nothing by any channel; who does not is told all', { timeout: 60_000 }, async t => {
  const { node, bytes, browsers, images } = await stage(t)
  const author = await node.signUp('author')
  await author.settings.setPushNickname({ value: `${canary} Ben` })
  const audience = async (hides: boolean) => {
    const all: Person[] = []
    for (const provider of providers) {
      const person = await node.signUp(`${provider}_${hides}`)
      const device_token = provider === 'webpush' ? browsers(hides).token : `${provider}-${hides}`
      await person.devices.bindDeviceToken({ device_sn: person.device, device_token, notifier_name: provider })
      all.push(person)
    }
    const connected = await node.signUp(`mxpush_${hides}`)
    all.push(connected)
    for (const person of all) await person.settings.setNoPushDetail({ value: hides })
    const { socket } = await online(t, connected)
    const frames: string[] = []
    socket.on('push', frame => frames.push(JSON.stringify(frame)))
    return { to: all.map(({ id }) => id), frames }
  }
  const tell = async (hides: boolean, title?: string) => {
    const { to, frames } = await audience(hides)
    const { title: _, ...untitled } = message
    const { task_id } = await node.admin.delivery.pushMessage({
      from: author.id,
      to,
      message: { ...untitled, ...(title && { title }), attachment_url: `${images}/${canary}.png` },
    })
    const { outcomes } = await done(node.admin, task_id, 30_000)
    return { outcomes, said: { ...(await bytes(hides, task_id)), mxpush: frames.join() } }
  }

  const hidden = await tell(true)
  const open = await tell(false, message.title)

  for (const { outcomes } of [hidden, open]) assert.deepEqual(outcomes, { sent: 9, acknowledged: 1 })
  assert.deepEqual(Object.keys(hidden.said).sort(), [...providers, 'mxpush'].sort())
  for (const [channel, said] of Object.entries(hidden.said)) {
    assert.ok(said.length > 20, `${channel} was sent something`)
    assert.ok(!said.includes(canary), `${channel} tells: ${said}`)
  }
  for (const [channel, said] of Object.entries(open.said)) assert.ok(said.includes(canary), `${channel}: ${said}`)
})

/** A node with a notifier of every provider, and what each of them was sent for one audience. */
async function stage(t: TestContext) {
  const [ec, rsa] = [keyPair('ec'), keyPair('rsa')]
  const ios = await appleService(t, { [apple.key_id]: { team: apple.team_id, pem: ec.open } })
  const google = await googleService(t, { project: 'shop-1', pem: rsa.open })
  // One each: they hand out tokens, and take their last one alone.
  const named = Object.entries(accounts)
  const chinese = await Promise.all(named.map(() => chineseVendors(t)))
  const origins = chinese.map(({ origin }) => origin)
  const web = await webService(t)
  const images = await gallery(t)
  const node = await testNode(t, reaching(t, ios.origin, google.origin, web.origin, images, ...origins))
  const service_account = {
    type: 'service_account',
    project_id: 'shop-1',
    client_email: 'push@shop-1.iam.gserviceaccount.com',
    private_key: rsa.secret,
    token_uri: `${google.origin}/token`,
  }
  const credentials = {
    apns: { ...apple, key: ec.secret, endpoint: ios.origin },
    fcm: { service_account, endpoint: google.origin },
    webpush: { subject: 'mailto:a@example.com' },
    ...Object.fromEntries(named.map(([name, own], i) => [name, { ...own, endpoint: origins[i] }])),
  }
  for (const [provider, own] of Object.entries(credentials))
    await node.admin.notifiers.createNotifier({ name: provider, provider, credentials: own })
  const subscribed = new Map<boolean, Browser>()
  const browsers = (hides: boolean) => {
    const browser = subscribed.get(hides) ?? web.subscribe(`/${hides}`)
    subscribed.set(hides, browser)
    return browser
  }
  const bytes = async (hides: boolean, task: number) => {
    const about = (all: object[]) => JSON.stringify(all)
    const said = {
      apns: about(ios.received.filter(({ token }) => token === `apns-${hides}`)),
      fcm: about(google.received.filter(({ token }) => token === `fcm-${hides}`)),
      ...Object.fromEntries(named.map(([name], i) => [name, about(chinese[i]?.received ?? [])])),
      webpush: web.received
        .filter(({ path }) => path === `/${hides}`)
        .map(({ body, headers }) => decrypted(browsers(hides), body) + JSON.stringify(headers))
        .join(),
      capture: about((await captured(node.admin)).filter(({ task_id }) => task_id === task)),
    }
    for (const { received } of chinese) received.length = 0
    return said
  }
  return { node, bytes, browsers, images }
}

/** Has one image, at every address. */
async function gallery(t: TestContext) {
  const server = createServer((_, response) => response.end(Buffer.from('89504e470d0a1a0a', 'hex')))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  afterwards(t, () => {
    server.closeAllConnections()
    return new Promise(resolve => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
