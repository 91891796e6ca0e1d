import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import { whole } from '../config.ts'
import { wrongWith } from '../webhooks/signing.ts'
import { type Common, command, does, group, readOption } from './command.ts'
import { UsageError } from './failure.ts'
import { type Answer, visible } from './print.ts'

interface Options extends Common {
  secret?: string
  port?: string
}

export function declare(program: Command) {
  const webhooks = group(program, 'webhook', 'Webhooks: what an app’s own servers are told.')
  const listen = command(
    webhooks,
    'listen',
    'Receives webhooks on this machine and prints each event that is rightly signed, until it is stopped.',
    'webhook listen --secret whsec_… --port 9000',
  )
    .option('--secret <secret>', 'the secret that was shown when the webhook was made, or STONECHAT_WEBHOOK_SECRET')
    .option('--port <port>', 'where to listen on 127.0.0.1 (default: 9000)')
  does(listen, listenForEvents)
}

/** Longer bodies than ours are nobody's that matters. */
const longest = 65_536

async function listenForEvents({ secret, port = '9000', json = false }: Options): Promise<Answer> {
  const key = secret ?? process.env.STONECHAT_WEBHOOK_SECRET ?? ''
  if (!/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/.test(key))
    throw new UsageError('--secret must be the whsec_… that was shown when the webhook was made')
  const wanted = readOption('--port', port, whole(0, 65_535))
  let [believed, refused] = [0, 0]
  const server = createServer(async (request, response) => {
    const wrong = await heard(request, key, json)
    if (wrong === undefined) believed++
    else refused++
    response.writeHead(wrong === undefined ? 204 : 401).end()
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(wanted, '127.0.0.1', resolve))
  const { port: own } = server.address() as AddressInfo
  process.stderr.write(`listening on http://127.0.0.1:${own}/ (Ctrl-C ends it)\n`)
  await new Promise<void>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve)
  })
  server.closeAllConnections()
  server.close()
  return { data: { believed, refused }, text: `${believed} believed, ${refused} refused.` }
}

/** Prints the event, or says why it is not believed, and returns that. */
async function heard(request: IncomingMessage, secret: string, json: boolean): Promise<string | undefined> {
  const length = Number(request.headers['content-length'] ?? Number.NaN)
  const body = length <= longest ? await text(request) : undefined
  const wrong = body === undefined ? 'its length is none' : wrongWith(secret, request.headers, body, Date.now())
  if (wrong !== undefined) process.stderr.write(`not believed: ${wrong}\n`)
  else if (json) process.stdout.write(`${body}\n`)
  else process.stdout.write(`${visible(lineOf(String(request.headers['webhook-id']), body as string))}\n`)
  return wrong
}

/** One line: when, what, about whom, and the id by which it is known if it comes again. */
function lineOf(id: string, body: string): string {
  const { timestamp, type, data } = JSON.parse(body) as { timestamp: string; type: string; data: object }
  return `${timestamp}  ${type.padEnd(21)}  ${JSON.stringify(data)}  ${id}`
}
