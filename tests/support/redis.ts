import { connect } from 'node:net'
import type { TestContext } from 'node:test'
import { until } from './outcomes.ts'
import { freePort } from './own-cluster.ts'
import { Process } from './process.ts'

/** A Redis of the test's own, which it may kill and suspend. */
export async function newRedis(t: TestContext, port?: number, command: string[] = []) {
  const at = port ?? (await freePort())
  const words = [...command, 'redis-server', '--port', String(at), '--save', '', '--appendonly', 'no']
  const [program, ...args] = words as [string, ...string[]]
  const server = new Process(t, program, args)
  if (command.length === 0) await until(() => answers(at))
  return { port: at, url: `redis://127.0.0.1:${at}`, server }
}

const answers = (port: number) =>
  new Promise<boolean>(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => socket.end('PING\r\n'))
    socket.on('data', data => resolve(String(data).startsWith('+PONG')))
    socket.on('error', () => resolve(false))
  })
