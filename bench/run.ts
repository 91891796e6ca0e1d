import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { describeMachine } from './machine.ts'
import { onPath } from './processes.ts'
import { goals, page, tables } from './report.ts'
import type { Finding, Scenario } from './scenario.ts'
import { list } from './scenarios/list.ts'
import { parts } from './scenarios/parts.ts'
import { passwords } from './scenarios/passwords.ts'
import { presence } from './scenarios/presence.ts'
import { profile } from './scenarios/profile.ts'
import { push } from './scenarios/push.ts'
import { sockets } from './scenarios/sockets.ts'
import { start } from './scenarios/start.ts'
import { write } from './scenarios/write.ts'
import { type Plan, Site, say } from './site.ts'

const scenarios: Scenario[] = [profile, write, passwords, list, start, sockets, presence, push, parts]
const report = fileURLToPath(new URL('../docs/performance.md', import.meta.url))

const whole: Plan = {
  rounds: 6,
  seconds: 2,
  warmUp: 10,
  small: 10_000,
  large: 1_000_000,
  connections: [1, 16, 64, 256],
  sockets: 19_800,
  starts: 5,
}
const quick: Plan = { ...whole, rounds: 3, seconds: 1, warmUp: 4, large: 10_000, sockets: 2000, starts: 3 }

const help = `npm run bench -- [options]

Measures this server beside the limit of the machine, in short rounds that alternate, and prints the ratios.
The whole run takes about 10 minutes and writes docs/performance.md; a part of it only prints.

  --quick            about a minute and a half, with 10,000 users only
  --only <names>     some of the scenarios, joined by commas
  --folder <path>    where to keep the data meanwhile, on the disk that is to be measured (default: ${tmpdir()})
  --help

Scenarios:
${scenarios.map(({ name, about }) => `  ${name.padEnd(18)} ${about}`).join('\n')}
`

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    folder: { type: 'string', default: tmpdir() },
    help: { type: 'boolean', default: false },
  },
})

if (options.help) console.log(help)
else await bench(chosen(options.only), options.quick ? quick : whole)

function chosen(only: string | undefined): Scenario[] {
  return only === undefined ? scenarios : only.split(',').map(named)
}

function named(name: string): Scenario {
  const scenario = scenarios.find(each => each.name === name)
  if (scenario) return scenario
  console.error(`There is no scenario ${name}.\n\n${help}`)
  process.exit(2)
}

async function bench(chosen: Scenario[], plan: Plan) {
  const tool = onPath('wrk') ? 'wrk' : 'autocannon'
  const machine = describeMachine(options.folder, tool)
  for (const line of machine) console.log(`- ${line}`)
  const began = Date.now()
  const findings = await measured(chosen, new Site(plan, tool, options.folder))
  const minutes = (Date.now() - began) / 60_000
  console.log(`\n${goals(findings)}\n\n${tables(findings)}\n\nTook ${minutes.toFixed(1)} minutes.`)
  if (plan !== whole || chosen !== scenarios) return say('A part of the run: docs/performance.md is left as it is.')
  const run = { date: new Date(began), minutes, command: 'npm run bench', machine, findings }
  writeFileSync(report, page(run, report))
  say('docs/performance.md is written.')
}

async function measured(chosen: Scenario[], site: Site): Promise<Finding[]> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      site.close()
      process.exit(1)
    })
  try {
    const findings: Finding[] = []
    for (const scenario of chosen) findings.push(...(await scenario.run(site)))
    return findings
  } finally {
    site.close()
  }
}
