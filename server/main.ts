import type { Config } from './config.ts'
import type { FirstRun } from './first-run.ts'
import { type Node, startNode } from './node.ts'
import { tellReady } from './workers.ts'

/** In ms: what has not finished by then is cut off. */
const patience = 9000

/** In ms: a Ctrl-C comes from the terminal and once more from what started this; only a later one is another. */
const echo = 1000

/** Starts one node and stops it on a signal. */
export async function serve(config: Config) {
  const node = await startNode(config)
  stopOnSignals(node)
  if (node.firstRun) introduce(node.firstRun, config.data)
  if (config.limits === 'off')
    console.warn('WARNING: limits on guessing and registration are off (STONECHAT_LIMITS=off).')
  if (config.development) console.warn('WARNING: browsers may call from any origin (--dev).')
  if (!tellReady(node.url)) console.log(`Stonechat is ready at ${node.url} (data in ${config.data})`)
}

function stopOnSignals(node: Node) {
  let stoppedAt: number | undefined
  const stop = (signal: string) => {
    if (stoppedAt !== undefined) {
      if (performance.now() - stoppedAt > echo) process.exit(1)
      return
    }
    stoppedAt = performance.now()
    console.log(`${signal}: finishing what was accepted …`)
    setTimeout(() => process.exit(1), patience).unref()
    node.stop().then(
      () => process.exit(0),
      error => {
        console.error(error)
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, stop)
}

function introduce({ url, app_id, app_secret, admin_token }: FirstRun, folder: string) {
  console.log(`
First start: an app and its admin were made. This is shown once; ${folder}/first-run.json keeps it.
Paste into a shell:

export STONECHAT_URL=${url}
export STONECHAT_APP_ID=${app_id}
export STONECHAT_APP_SECRET=${app_secret}
export STONECHAT_ADMIN_TOKEN=${admin_token}
`)
}
