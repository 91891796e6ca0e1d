import { useWindowEvent } from '@mantine/hooks'
import { useRef, useState } from 'react'
import { isTyping } from '../frame/typing.ts'

/** j and k go from row to row and put the keyboard's place on its link; x selects. */
export function useRowKeys(keys: string[], toggle?: (key: string) => void) {
  const [current, setCurrent] = useState<string>()
  const body = useRef<HTMLTableSectionElement>(null)

  const go = (step: 1 | -1) => {
    const place = current === undefined ? -1 : keys.indexOf(current)
    const next =
      keys[place < 0 ? (step === 1 ? 0 : keys.length - 1) : Math.min(Math.max(place + step, 0), keys.length - 1)]
    if (next === undefined) return
    setCurrent(next)
    const row = body.current?.querySelector(`tr[data-key="${CSS.escape(next)}"]`)
    row?.scrollIntoView({ block: 'nearest' })
    row?.querySelector<HTMLElement>('a, button')?.focus({ preventScroll: true })
  }

  useWindowEvent('keydown', event => {
    if (isTyping(event)) return
    if (event.key === 'j') go(1)
    else if (event.key === 'k') go(-1)
    else if (event.key === 'x' && current !== undefined && keys.includes(current)) toggle?.(current)
  })
  return { current, body }
}
