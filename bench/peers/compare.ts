import { fileURLToPath } from 'node:url'
import { type Load, type Measured, measured } from '../load.ts'
import { alternate, type Compared } from '../rounds.ts'
import { type Finding, type Goal, loadColumns, loadRow, shown } from '../scenario.ts'
import { type Act, acts, type Peer } from './peer.ts'

const connections = { profile: 64, nickname: 64, register: 8, signIn: 8, kick: 16 }
/** Of one round; passwords take their time. */
const seconds = { profile: 2, nickname: 2, register: 6, signIn: 6, kick: 0 }
const warmUp = 4
const titles: Record<Act | 'kick', string> = {
  profile: 'Get one user with a session',
  nickname: 'Change the nickname',
  register: 'Register',
  signIn: 'Sign in',
  kick: 'Kick',
}
const once = fileURLToPath(new URL('once.ts', import.meta.url))

/** How many times as fast we are meant to be, by the peer's name. */
const wanted: Record<string, number> = { 'Parse Server': 30, 'better-auth': 30, ejabberd: 5 }

/** The first is ours. */
export async function compare(peers: Peer[], load: Load, rounds: number): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const act of acts) {
    const lists = peers.map(({ calls }) => load.list(calls[act]))
    const run = (i: number, seconds: number) =>
      load.run((peers[i] as Peer).server, lists[i] as string, connections[act], seconds)
    for (const i of peers.keys()) await run(i, warmUp)
    const sides = peers.map(({ name }, i) => ({ name, run: (seconds: number) => run(i, seconds) }))
    findings.push(found(act, peers, await alternate({ seconds: seconds[act], rounds }, titles[act], sides)))
  }
  const memory = peers.map(({ server }) => server.memory)
  findings.push(found('kick', peers, await kicks(peers, load, rounds)), remembered(peers, memory))
  for (const { check } of peers) await check?.()
  return findings
}

/** Each round ends sessions of its own. */
function kicks(peers: Peer[], load: Load, rounds: number): Promise<Compared> {
  const sides = peers.map(({ name, server, kicks }) => {
    const each = Math.floor(kicks.length / rounds)
    const lists = Array.from({ length: rounds }, (_, i) => load.list(kicks.slice(i * each, (i + 1) * each))).values()
    const run = (): Promise<Measured> => {
      const command = [process.execPath, once, server.url, String(connections.kick), lists.next().value as string]
      return measured(server, command, 'load')
    }
    return { name, run }
  })
  return alternate({ seconds: seconds.kick, rounds }, titles.kick, sides)
}

function found(act: Act | 'kick', peers: Peer[], compared: Compared): Finding {
  const ratios = peers.map((_, i) => compared.ratio('rate', 0, i))
  const goals = peers.flatMap(({ name }, i): Goal[] => {
    const goal = wanted[name]
    if (goal === undefined || (act !== 'profile' && act !== 'nickname')) return []
    return [{ what: `${titles[act]}, rate to ${name}`, value: ratios[i] as number, unit: '', bound: 'at least', goal }]
  })
  return {
    title: `${titles[act]}, ${connections[act]} connections`,
    columns: [...loadColumns, 'Stonechat is … times as fast'],
    rows: peers.map(({ name, version }, i) => [
      ...loadRow(`${name} ${version}`, compared, i),
      shown(ratios[i] as number, 1),
    ]),
    goals,
  }
}

function remembered(peers: Peer[], memory: number[]): Finding {
  const [own = Number.NaN] = memory
  return {
    title: 'Memory after the load',
    columns: ['', 'MB'],
    rows: peers.map(({ name, version }, i) => [`${name} ${version}`, shown(memory[i] as number, 0)]),
    goals: peers.slice(1).map(
      ({ name }, i): Goal => ({
        what: `memory, to ${name}`,
        value: own / (memory[i + 1] as number),
        unit: '',
        bound: 'at most',
        goal: 1,
      }),
    ),
  }
}
