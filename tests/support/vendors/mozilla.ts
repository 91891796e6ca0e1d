import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { type WebSocket, WebSocketServer } from 'ws'
import { afterwards } from '../afterwards.ts'
import { wrongWithVapid } from './web.ts'

interface Channel {
  browser: WebSocket
  /** The key that it was subscribed with: nobody else may push to it. */
  key: string
}

interface FromBrowser {
  messageType?: 'hello' | 'register' | 'unregister' | 'ack'
  channelID?: string
  key?: string
}

/** Mozilla's push service as far as a browser and a sender see it: its protocol on a WebSocket, RFC 8030 on HTTP. */
export async function mozillaService(t: TestContext) {
  const channels = new Map<string, Channel>()
  const server = createServer(async (request, response) => {
    const body = await buffer(request)
    const id = String(request.url).split('/').at(-1) ?? ''
    const channel = channels.get(id)
    if (!channel) return response.writeHead(410).end()
    const authorization = String(request.headers.authorization)
    const wrong = wrongWithVapid(authorization, origin())
    if (wrong || !authorization.endsWith(`k=${channel.key}`)) return response.writeHead(401).end(wrong)
    tell(channel.browser, {
      messageType: 'notification',
      channelID: id,
      version: randomUUID(),
      data: body.toString('base64url'),
      headers: { encoding: String(request.headers['content-encoding']) },
    })
    response.writeHead(201, { location: `${origin()}/m/${randomUUID()}` }).end()
  })
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', browser => {
    browser.on('message', text => {
      const { messageType, channelID = '', key = '' } = JSON.parse(String(text)) as FromBrowser
      if (messageType === undefined) browser.send('{}')
      else if (messageType === 'hello')
        tell(browser, { messageType, status: 200, uaid: randomUUID().replaceAll('-', ''), use_webpush: true })
      else if (messageType === 'register') {
        channels.set(channelID, { browser, key: Buffer.from(key, 'base64url').toString('base64url') })
        tell(browser, { messageType, status: 200, channelID, pushEndpoint: `${origin()}/wpush/${channelID}` })
      } else if (messageType === 'unregister') {
        channels.delete(channelID)
        tell(browser, { messageType, status: 200, channelID })
      }
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  afterwards(t, () => {
    for (const browser of sockets.clients) browser.terminate()
    server.closeAllConnections()
    return new Promise(resolve => server.close(resolve))
  })
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { origin: origin(), address: origin().replace('http', 'ws'), channels }
}

const tell = (browser: WebSocket, message: object) => browser.send(JSON.stringify(message))
