import { useRef } from 'react'

/** Goes from page to page. Where each began is remembered while the screen is open; else back means the first. */
export function usePages(
  cursor: string | undefined,
  next: string | undefined,
  go: (cursor: string | undefined) => void,
) {
  const began = useRef<(string | undefined)[]>([])
  const before = cursor === undefined ? undefined : () => go(began.current.pop())
  const after =
    next === undefined
      ? undefined
      : () => {
          began.current.push(cursor)
          go(next)
        }
  return { before, after }
}
