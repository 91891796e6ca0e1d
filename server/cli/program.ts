import { Command, CommanderError } from 'commander'
import { dataOption, jsonOption, refusing } from './command.ts'
import { complain } from './failure.ts'

type Declare = (program: Command) => void

/** Each command's module is loaded when its word is said. */
const commands: Record<string, () => Promise<{ declare: Declare }>> = {
  serve: () => import('./serve-command.ts'),
  app: () => import('./apps.ts'),
  token: () => import('./tokens.ts'),
  notifier: () => import('./notifiers.ts'),
  push: () => import('./push.ts'),
  user: () => import('./users.ts'),
  audit: () => import('./audit.ts'),
  import: () => import('./imports.ts'),
  webhook: () => import('./webhooks.ts'),
  backup: () => import('./backup.ts'),
  restore: () => import('./restore.ts'),
  migrate: () => import('./migrations.ts'),
  top: () => import('./top-command.ts'),
  version: () => import('./version.ts'),
}

/** The command line with the commands that `words` may mean; with all of them where it says none. */
export async function makeProgram(words: string[]): Promise<Command> {
  const program = new Command('stonechat')
    .description('The user service of a chat app: accounts, profiles, devices, sessions, presence and push.')
    .option(...dataOption)
    .option(...jsonOption)
    .addHelpText('after', '\nExample:\n  stonechat serve')
    // What is wrong is said once, in our own form.
    .configureOutput({ writeErr: () => {}, outputError: () => {} })
  refusing(program)
  const said = Object.keys(commands).filter(name => words.includes(name))
  const wanted = said.length > 0 && !words.includes('help') ? said : Object.keys(commands)
  const modules = await Promise.all(wanted.map(name => commands[name]?.()))
  for (const module of modules) module?.declare(program)
  return program
}

/** Runs one command line. Sets the exit code: 1 for a failure, 2 for a wrong call. */
export async function run(words: string[]) {
  process.stdout.on('error', leaveQuietly)
  try {
    const program = await makeProgram(words)
    await program.parseAsync(words.length > 0 ? words : ['--help'], { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return
    process.exitCode = complain(error, words.includes('--json'))
  }
}

/** Whoever reads our output may stop before its end, as `head` does. */
function leaveQuietly(error: NodeJS.ErrnoException) {
  if (error.code !== 'EPIPE') throw error
  process.exit()
}
