import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Load } from './load.ts'
import { describeMachine } from './machine.ts'
import { betterAuth } from './peers/better-auth.ts'
import { compare } from './peers/compare.ts'
import { ejabberd } from './peers/ejabberd.ts'
import { parse } from './peers/parse.ts'
import type { Ground, Peer } from './peers/peer.ts'
import { stonechat } from './peers/stonechat.ts'
import { endAll, onPath } from './processes.ts'
import { goals, tables } from './report.ts'
import { say } from './site.ts'

const peers = { stonechat, 'parse-server': parse, 'better-auth': betterAuth, ejabberd }
const report = fileURLToPath(new URL('../docs/peers.md', import.meta.url))

const help = `npm run bench:peers -- [options]

Measures this server beside Parse Server, better-auth and ejabberd: the same users, the same acts, in rounds that
alternate. Takes about 6 minutes and writes docs/peers.md. npm packages of the peers are installed into a folder of
their own and kept; ejabberd is Debian's (ejabberd, erlang-p1-oauth2), and is left out where it is not installed.

  --postgres <url>   where two of them make their database (default: postgres://postgres@127.0.0.1:5432/postgres)
  --users <number>   users of each (default: 1000)
  --rounds <number>  rounds of each act (default: 5); below 5 the page is not written
  --packages <path>  where npm packages of the peers are kept (default: ${join(tmpdir(), 'stonechat-peers')})
  --help
`

const { values: options } = parseArgs({
  options: {
    postgres: { type: 'string', default: 'postgres://postgres@127.0.0.1:5432/postgres' },
    users: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '5' },
    packages: { type: 'string', default: join(tmpdir(), 'stonechat-peers') },
    help: { type: 'boolean', default: false },
  },
})

if (options.help) console.log(help)
else await bench()

async function bench() {
  const folder = mkdtempSync(join(tmpdir(), 'stonechat-bench-'))
  const [tool, rounds] = [onPath('wrk') ? ('wrk' as const) : ('autocannon' as const), Number(options.rounds)]
  const machine = describeMachine(folder, tool)
  const running: Peer[] = []
  const began = new Date()
  try {
    const ground = { folder, packages: options.packages, postgres: options.postgres, users: Number(options.users) }
    const absent = await startAll(ground, running)
    const findings = await compare(running, new Load(tool, folder), rounds)
    const text = page({ began, machine, absent, running }, `${goals(findings)}\n\n${tables(findings)}`)
    console.log(text)
    if (rounds >= 5) {
      writeFileSync(report, text)
      say('docs/peers.md is written.')
    }
  } finally {
    for (const peer of running) await peer.stop()
    endAll()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Returns why those that are missing are missing. Ours may not be. */
async function startAll(ground: Ground, running: Peer[]): Promise<string[]> {
  const absent: string[] = []
  for (const [name, start] of Object.entries(peers)) {
    say(`starting ${name} with ${ground.users} users …`)
    try {
      running.push(await start(ground))
    } catch (error) {
      if (name === 'stonechat') throw error
      absent.push(`${name}: ${(error as Error).message.split('\n')[0]}`)
      say(`left out: ${absent.at(-1)}`)
    }
  }
  return absent
}

interface Run {
  began: Date
  machine: string[]
  absent: string[]
  running: Peer[]
}

function page({ began, machine, absent, running }: Run, figures: string): string {
  const minutes = Math.round((Date.now() - began.getTime()) / 60_000)
  const means = running.map(({ name, version, means }) => {
    const { profile, nickname, register, signIn, kick } = means
    return `- **${name} ${version}**: ${[profile, nickname, register, signIn, kick].join('; ')}`
  })
  return `# Beside the peers

<!-- Derived by \`npm run bench:peers\`. -->
Measured on ${began.toISOString().slice(0, 10)} in ${minutes} minutes by \`npm run bench:peers\`, ${options.users} users each.

${machine.map(line => `- ${line}`).join('\n')}

What the five acts – get one user, change the nickname, register, sign in, kick – are with each:

${means.join('\n')}
${absent.length > 0 ? `\nLeft out, since they could not be started here:\n\n${absent.map(each => `- ${each}`).join('\n')}\n` : ''}
Processor time and memory are those of the server's own process: what PostgreSQL uses for two of them comes on top. All
run in turn on one processor, with the load on another, as one process with the settings that their documentation
advises for production; limits on guessing are off everywhere. They do different things for an act, and this page does
not weigh that: Parse Server, for one, answers queries that we do not have.

${figures}
`
}
