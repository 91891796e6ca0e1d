import type { Command, CommanderError } from 'commander'
import { UsageError } from './failure.ts'
import { type Answer, print } from './print.ts'

/** The options that every command takes. */
export interface Common {
  data?: string
  json?: boolean
}

/** Beside them, what names an app. */
export interface OfApp extends Common {
  app?: string
}

export const dataOption = ['--data <folder>', 'data folder, in place of STONECHAT_DATA or ./data'] as const
export const jsonOption = ['--json', 'answer with one JSON document, and fail with {"error": …}'] as const

/** A word that others stand under: `stonechat app …`. */
export function group(program: Command, name: string, about: string): Command {
  const made = program.command(name).description(about)
  return refusing(made)
}

/** Declares a command: what it is for, and how people call it. */
export function command(parent: Command, usage: string, about: string, ...examples: string[]): Command {
  const made = parent.command(usage).description(about)
  made.addHelpText(
    'after',
    `\n${examples.length > 1 ? 'Examples' : 'Example'}:\n${examples.map(line => `  stonechat ${line}`).join('\n')}`,
  )
  return refusing(made)
}

/** What the command does: it returns its answer, which is printed as it was asked for. */
export function does<Options extends Common>(
  command: Command,
  work: (options: Options, words: string[]) => Promise<Answer>,
) {
  command
    .option(...dataOption)
    .option(...jsonOption)
    .action(async () => {
      const options = command.optsWithGlobals<Options>()
      print(await work(options, command.args), options.json ?? false)
    })
}

/** Commander's own words for a wrong call, in our form. Help is no failure. */
export function refusing(command: Command): Command {
  return command.exitOverride((error: CommanderError) => {
    if (error.exitCode === 0) throw error
    const why =
      error.code === 'commander.help'
        ? `say what to do: ${command.commands.map(each => each.name()).join(', ')}`
        : oneSentence(error.message)
    throw new UsageError(`${why}; see stonechat ${[...pathOf(command), '--help'].join(' ')}`)
  })
}

const oneSentence = (message: string) =>
  message
    .replace(/^error: /, '')
    .replace(/\.$/, '')
    .replace(/\. ([A-Z])/g, (_, letter: string) => `: ${letter.toLowerCase()}`)
    .replaceAll('\n', ' ')

const pathOf = (command: Command): string[] => (command.parent ? [...pathOf(command.parent), command.name()] : [])

/** Reads an option's text; `read` throws what it must be. */
export function readOption<T>(name: string, text: string, read: (text: string) => T): T {
  try {
    return read(text)
  } catch (error) {
    throw new UsageError(`${name} ${(error as Error).message}, and is ${JSON.stringify(text)}`)
  }
}
