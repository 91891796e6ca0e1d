import { useQueryClient } from '@tanstack/react-query'
import { createContext, lazy, type ReactNode, Suspense, useCallback, useContext, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Client, createClient } from '../../client/index.ts'
import { type Credentials, type Entered, enter, leave } from './doors.ts'
import { consoleFetch } from './fetch.ts'

interface Session extends Entered {
  /** Makes calls for the app of the session. */
  client: Client
  /** For an operator: from now on this app. */
  choose: (appId: string) => void
  signOut: () => Promise<void>
}

interface Door {
  session: Session | undefined
  /** The session ended by itself. */
  isOver: boolean
  signIn: (credentials: Credentials) => Promise<void>
}

const ConfirmToken = lazy(() => import('./confirm-token.tsx'))

const DoorContext = createContext<Door | undefined>(undefined)
const chosenApp = 'stonechat-app'

/** Knows who is signed in. `found` is what the server said of the cookie when the page was loaded. */
export function SessionProvider({ found, children }: { found: Entered | undefined; children: ReactNode }) {
  const [entered, setEntered] = useState(found)
  const [isOver, setOver] = useState(false)
  const [chosen, setChosen] = useState(() => sessionStorage.getItem(chosenApp) ?? '')
  const [asking, setAsking] = useState<(isConfirmed: boolean) => void>()
  const { i18n } = useTranslation()
  const queries = useQueryClient()
  const language = i18n.language === 'zh' ? 'zh' : 'en'

  const forget = useCallback(() => {
    setEntered(undefined)
    queries.clear()
  }, [queries])

  const session = useMemo<Session | undefined>(() => {
    if (!entered) return undefined
    const leaveIt = () => {
      setOver(true)
      forget()
    }
    const confirm = () => new Promise<boolean>(resolve => setAsking(() => resolve))
    const appId = entered.appId || chosen
    const client = createClient({
      url: location.origin,
      appId,
      language,
      fetch: consoleFetch({ leave: leaveIt, confirm }),
    })
    const choose = (app: string) => {
      sessionStorage.setItem(chosenApp, app)
      setChosen(app)
    }
    return { ...entered, appId, client, choose, signOut: () => leave().then(forget) }
  }, [entered, chosen, language, forget])

  const signIn = useCallback(
    async (credentials: Credentials) => {
      setEntered(await enter(credentials, language))
      setOver(false)
    },
    [language],
  )
  const answered = (isConfirmed: boolean) => {
    asking?.(isConfirmed)
    setAsking(undefined)
  }
  return (
    <DoorContext value={useMemo(() => ({ session, isOver, signIn }), [session, isOver, signIn])}>
      {children}
      <Suspense>{asking && <ConfirmToken answered={answered} />}</Suspense>
    </DoorContext>
  )
}

export function useDoor(): Door {
  const door = useContext(DoorContext)
  if (!door) throw new Error('there is no session here')
  return door
}

/** Who is signed in; for what is shown only to those who are. */
export function useSession(): Session {
  const { session } = useDoor()
  if (!session) throw new Error('nobody is signed in')
  return session
}
