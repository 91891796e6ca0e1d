import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { bulkActs } from '../users/bulk-acts.tsx'

const states = ['waiting', 'running', 'done', 'cancelled'] as const

export const stateOf = (state: string) => states.find(each => each === state) ?? 'waiting'

const colors: Record<string, string> = { running: 'blue', done: 'teal', cancelled: 'gray', waiting: 'yellow' }

export const stateColor = (state: string) => colors[state] ?? 'gray'

/** What the act of a job is called; one that this console does not know goes by its own name. */
export function useActName(): (act: string) => string {
  const { t } = useTranslation()
  return useCallback(
    act => {
      const known = bulkActs.find(each => each === act)
      return known ? t(`jobs.acts.${known}`) : act
    },
    [t],
  )
}
