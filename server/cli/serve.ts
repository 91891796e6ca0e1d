import { readConfig } from '../config.ts'
import { serve } from '../main.ts'
import { complain } from './failure.ts'

/** Starts the server; where it cannot start, says why and ends the process. */
export async function startServing(environment: NodeJS.ProcessEnv, development: boolean) {
  try {
    await serve(readConfig(environment, development))
  } catch (error) {
    process.exit(complain(error, false))
  }
}
