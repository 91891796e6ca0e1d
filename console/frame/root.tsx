import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StonechatError } from '../../client/index.ts'
import { Toasts } from '../parts/toast.tsx'
import type { Entered } from '../session/doors.ts'
import { SessionProvider, useDoor } from '../session/session.tsx'
import { SignIn } from '../session/sign-in.tsx'
import { router } from './router.tsx'
import { theme, variables } from './theme.ts'

/** A refusal is an answer; only a call that got none is tried once more by itself. */
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: 'always',
      staleTime: 5000,
      retry: (count, error) => count < 1 && !(error instanceof StonechatError),
      retryDelay: 300,
    },
    mutations: { networkMode: 'always' },
  },
})

export function Root({ nonce, found }: { nonce: string; found: Entered | undefined }) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <Toasts />
      <QueryClientProvider client={queries}>
        <SessionProvider found={found}>
          <Doorstep />
        </SessionProvider>
      </QueryClientProvider>
    </MantineProvider>
  )
}

/** Whoever signs in again goes on where the session ended: the address has not changed. */
function Doorstep() {
  const { session } = useDoor()
  return session ? <RouterProvider router={router} /> : <SignIn />
}
