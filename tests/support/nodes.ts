import { randomBytes } from 'node:crypto'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Client, createClient } from '../../client/index.ts'
import { folder } from '../harness.ts'
import { afterwards } from './afterwards.ts'
import { until } from './outcomes.ts'
import type { Process } from './process.ts'
import { launch, serving } from './program.ts'

/** A node in a process of its own. */
export interface Node {
  url: string
  program: Process
  stranger: Client
}

export interface Company {
  nodes: [Node, Node, ...Node[]]
  appId: string
  adminToken: string
  /** The data folder of the first node, for what is put straight into the database. */
  data: string
  masterKey: string
  /** Another node of the same installation. */
  another(env?: Record<string, string>): Promise<Node>
}

/** So many nodes on one database, which find each other before this returns. */
export async function company(
  t: TestContext,
  database: string,
  count: number,
  env: Record<string, string> = {},
): Promise<Company> {
  const masterKey = randomBytes(32).toString('hex')
  const all = { DATABASE_URL: database, STONECHAT_POOL: '5', STONECHAT_MASTER_KEY: masterKey, ...env }
  const data = join(folder(t), 'data')
  const first = await serving(t, data, all)
  const { app_id: appId, admin_token: adminToken } = first.first
  const another = async (more: Record<string, string> = {}): Promise<Node> => {
    const program = launch(t, join(folder(t), 'data'), { ...all, ...more })
    const [, url = ''] = await program.says(/Stonechat is ready at (\S+)/)
    return { url, program, stranger: createClient({ url, appId }) }
  }
  const rest = await Promise.all(Array.from({ length: count - 1 }, () => another()))
  const nodes = [{ url: first.url, program: first.program, stranger: first.stranger }, ...rest] as Company['nodes']
  await until(async () => (await Promise.all(nodes.map(lineIsUp))).every(Boolean))
  return { nodes, appId, adminToken, data, masterKey, another }
}

/** Whether all lines of the node's bus bring what is sent. */
export async function lineIsUp({ url }: Pick<Node, 'url'>): Promise<boolean> {
  const figures = await (await fetch(`${url}/metrics`)).text()
  const lines = [...figures.matchAll(/^stonechat_bus_line_up\{[^}]*\} (\d)/gm)]
  return lines.length > 0 && lines.every(([, up]) => up === '1')
}

/** A way to a server that a test can cut without anybody being told, or lead elsewhere. */
export async function way(t: TestContext, port: number) {
  const sockets = new Set<Socket>()
  let target = port
  let isOpen = true
  const server = createServer(near => {
    const far = connect(target, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', data => isOpen && to.write(data))
      from.on('close', () => {
        sockets.delete(from)
        if (isOpen) to.destroy()
      })
      // The other side hears of it by the close.
      from.on('error', () => {})
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    for (const socket of sockets) socket.destroy()
  }
  afterwards(t, () => {
    server.close()
    close()
  })
  return {
    port: (server.address() as { port: number }).port,
    /** From here on nothing comes through. */
    cut() {
      isOpen = false
    },
    /** Who is connected is cut off; whoever comes now comes to `port`. */
    lead(port: number) {
      target = port
      close()
    },
  }
}
