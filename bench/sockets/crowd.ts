// One of the processes that hold the clients' sockets: does what its parent asks, and answers when it is done.
import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { realtimePath } from '../../contract/frames.ts'
import { opcodes, RawSocket } from './raw-socket.ts'

export interface Member {
  user: number
  token: string
}

/** `kick`: `count` users of those who are connected, `atOnce` of them at a time. */
export type Ask =
  | { ask: 'connect'; url: string; app: string; members: Member[]; atOnce: number }
  | { ask: 'kick'; url: string; app: string; adminToken: string; count: number; atOnce: number }
  | { ask: 'count' }

export type Answer = { connected: number; lost: number } | { times: number[] } | { open: number }

interface Seat {
  user: number
  socket: RawSocket
  /** When the server closed it (ms), undefined while it has not. */
  closed?: number
  over: Promise<void>
}

const seats: Seat[] = []
let kicked = 0

process.on('message', async (ask: Ask) => {
  process.send?.(await answers(ask))
})
process.on('disconnect', () => process.exit())

async function answers(ask: Ask): Promise<Answer> {
  if (ask.ask === 'connect') return connectAll(ask)
  if (ask.ask === 'kick') return kickSome(ask)
  return { open: seats.filter(({ closed }) => closed === undefined).length }
}

async function connectAll({ url, app, members, atOnce }: Ask & { ask: 'connect' }): Promise<Answer> {
  const place = new URL(realtimePath, url)
  const outcomes = await inTurn(members, atOnce, member => connected(place, app, member))
  const there = outcomes.filter(each => each).length
  return { connected: there, lost: members.length - there }
}

/** True once the server has said that it is ready. */
function connected(place: URL, app: string, { user, token }: Member): Promise<boolean> {
  return new Promise(resolve => {
    const over = Promise.withResolvers<void>()
    const seat: Seat = {
      user,
      over: over.promise,
      socket: new RawSocket(
        place,
        JSON.stringify({ type: 'hello', app_id: app, access_token: token }),
        (opcode, payload) => {
          if (opcode === opcodes.close) {
            seat.closed = performance.now()
            over.resolve()
          } else if (opcode === opcodes.text && payload.includes('"ready"')) {
            seats.push(seat)
            resolve(true)
          }
        },
        () => {
          seat.closed ??= performance.now()
          over.resolve()
          resolve(false)
        },
      ),
    }
  })
}

/** From sending the call to the close that the client sees, in ms, of each. */
async function kickSome({ url, app, adminToken, count, atOnce }: Ask & { ask: 'kick' }): Promise<Answer> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  const chosen = seats.slice(kicked, kicked + count)
  kicked += count
  const times = await inTurn(chosen, atOnce, async seat => {
    const start = performance.now()
    await kick(agent, `${url}/user/kick`, { app_id: app, 'access-token': adminToken, user_id: String(seat.user) })
    await seat.over
    return (seat.closed as number) - start
  })
  agent.destroy()
  return { times }
}

/** Throws where the body does not say that it was done. */
async function kick(agent: Agent, url: string, headers: Record<string, string>) {
  const call = request(url, { method: 'POST', headers, agent }).end()
  const [response] = (await once(call, 'response')) as [IncomingMessage]
  const body = (await response.setEncoding('utf8').toArray()).join('')
  if (!body.startsWith('{"code":200,')) throw new Error(`a kick was answered with ${body}`)
}

/** Does `work` for each item, `atOnce` of them at a time. */
async function inTurn<Item, Result>(items: Item[], atOnce: number, work: (item: Item) => Promise<Result>) {
  const results: Result[] = []
  let next = 0
  const lane = async () => {
    while (next < items.length) {
      const i = next++
      results[i] = await work(items[i] as Item)
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane))
  return results
}
