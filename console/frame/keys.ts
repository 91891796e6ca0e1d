import { useWindowEvent } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { useRef } from 'react'
import { useSession } from '../session/session.tsx'
import { placesFor } from './places.ts'
import { isTyping } from './typing.ts'

/** In ms: how long `g` waits for its letter. */
const patience = 1200

/** Ctrl/Cmd+K, `?`, `/`, and `g` with a letter. */
export function useKeys({ palette, help }: { palette: () => void; help: () => void }) {
  const navigate = useNavigate()
  const { kind } = useSession()
  const goSince = useRef(Number.NEGATIVE_INFINITY)

  useWindowEvent('keydown', event => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault()
      return palette()
    }
    if (isTyping(event)) return
    const isGoing = performance.now() - goSince.current < patience
    goSince.current = event.key === 'g' ? performance.now() : Number.NEGATIVE_INFINITY
    const place = isGoing ? placesFor(kind).find(({ key }) => key === event.key) : undefined
    if (place) {
      event.preventDefault()
      return void navigate({ to: place.path })
    }
    if (event.key === '?') return help()
    if (event.key === '/') {
      event.preventDefault()
      search(() => navigate({ to: '/users' }))
    }
  })
}

/** The search field of the screen; where it has none, that of the users. */
function search(go: () => Promise<void>) {
  const field = () => document.querySelector<HTMLInputElement>('input[type="search"]')
  const here = field()
  if (here) return here.focus()
  go().then(() => requestAnimationFrame(() => field()?.focus()))
}
