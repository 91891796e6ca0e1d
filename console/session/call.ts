import { type UseQueryResult, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Client } from '../../client/index.ts'
import { useSentence } from '../parts/failure.tsx'
import { toast } from '../parts/toast.tsx'
import { byItself } from './fetch.ts'
import { useSession } from './session.tsx'

interface Options<T> {
  enabled?: boolean
  /** Asks again by itself, every so many ms. */
  every?: number
  /** Keeps showing the page before while the next one is on its way. */
  keep?: boolean
  select?: (data: T) => T
}

/** What the service answers to a question, kept by its name and what was asked. */
export function useCall<T>(
  key: readonly unknown[],
  ask: (client: Client) => Promise<T>,
  { enabled, every, keep }: Options<T> = {},
): UseQueryResult<T> {
  const { client, appId } = useSession()
  const queries = useQueryClient()
  const queryKey = [appId, ...key]
  return useQuery<T>({
    queryKey,
    queryFn: () => {
      const isRepeated = queries.getQueryState(queryKey)?.dataUpdateCount
      return every && isRepeated ? byItself(() => ask(client)) : ask(client)
    },
    ...(enabled !== undefined && { enabled }),
    ...(every !== undefined && { refetchInterval: every }),
    ...(keep && { placeholderData: (before: T | undefined) => before as never }),
  })
}

/** Does something, says that it is done, and asks again for all that it may have changed. */
export function useAct<Input>(
  perform: (client: Client, input: Input) => Promise<unknown>,
  { done, changes }: { done?: string; changes: string[] },
) {
  const { client, appId } = useSession()
  const queries = useQueryClient()
  const { t } = useTranslation()
  const sentence = useSentence()
  const { mutateAsync, isPending } = useMutation({
    mutationFn: (input: Input) => perform(client, input),
    onSuccess: () => {
      if (done) toast(done)
    },
    onSettled: () => Promise.all(changes.map(name => queries.invalidateQueries({ queryKey: [appId, name] }))),
  })
  /** For what is done without a dialog that would show a failure. */
  const tell = (input: Input) => mutateAsync(input).catch(error => toast(sentence(error), t('parts.failed')))
  return { perform: mutateAsync, tell, isPending }
}
