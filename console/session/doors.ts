import { createClient, StonechatError } from '../../client/index.ts'
import { asPerson } from './fetch.ts'

export interface Credentials {
  /** Empty for an operator. */
  appId: string
  token: string
}

/** Who is signed in to the console. */
export interface Entered {
  kind: 'admin' | 'operator'
  /** The app of the admin; empty for an operator, who chooses one. */
  appId: string
  /** What the token is called. */
  name: string
  /** By which the trail knows the token. */
  tokenId: string
  endsAt: number
}

type Opened = Awaited<ReturnType<ReturnType<typeof createClient>['console']['showConsoleSession']>>

const door = (appId = '', language: 'en' | 'zh' = 'en') =>
  createClient({ url: location.origin, appId, language, fetch: asPerson })

const entered = ({ kind, app_id, name, token_id, ends_at }: Opened): Entered => ({
  kind: kind === 'operator' ? 'operator' : 'admin',
  appId: app_id,
  name,
  tokenId: token_id,
  endsAt: ends_at,
})

export async function enter({ appId, token }: Credentials, language: 'en' | 'zh'): Promise<Entered> {
  return entered(await door(appId, language).console.signInToConsole({ token }))
}

/** Whom the cookie stands for; undefined where it stands for nobody. */
export async function whoIsIn(): Promise<Entered | undefined> {
  try {
    return entered(await door().console.showConsoleSession())
  } catch (error) {
    if (error instanceof StonechatError) return undefined
    throw error
  }
}

export const leave = () => door().console.signOutOfConsole()

/** Types the token again, for the next five minutes. */
export const confirm = (token: string, language: 'en' | 'zh') =>
  door('', language).console.confirmConsoleSession({ token })
