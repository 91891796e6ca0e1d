import { useCallback, useMemo, useState } from 'react'

/** What is selected, by key; it lasts over pages. */
export interface Selection {
  keys: string[]
  has: (key: string) => boolean
  toggle: (key: string) => void
  /** Selects all of them, or none where all are selected. */
  toggleAll: (keys: string[]) => void
  clear: () => void
}

export function useSelection(): Selection {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const toggle = useCallback(
    (key: string) => setSelected(old => (old.has(key) ? without(old, [key]) : new Set([...old, key]))),
    [],
  )
  const toggleAll = useCallback(
    (keys: string[]) =>
      setSelected(old => (keys.every(key => old.has(key)) ? without(old, keys) : new Set([...old, ...keys]))),
    [],
  )
  const clear = useCallback(() => setSelected(new Set()), [])
  return useMemo(
    () => ({ keys: [...selected], has: key => selected.has(key), toggle, toggleAll, clear }),
    [selected, toggle, toggleAll, clear],
  )
}

const without = (set: ReadonlySet<string>, keys: string[]) => new Set([...set].filter(key => !keys.includes(key)))
