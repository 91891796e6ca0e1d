import { Alert, Portal } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'

interface Toast {
  id: number
  color: string
  title?: string
  message: string
}

/** In ms: how long a word about what was done stays; one about a failure stays longer. */
const stay = 4000
const stayOfFailure = 12_000

let toasts: Toast[] = []
let last = 0
const listeners = new Set<() => void>()

function set(next: Toast[]) {
  toasts = next
  for (const listener of listeners) listener()
}

const remove = (id: number) => set(toasts.filter(each => each.id !== id))

/** Says a word in the corner, and takes it away again. */
export function toast(message: string, failed?: string) {
  const id = ++last
  set([...toasts, { id, message, color: failed ? 'red' : 'teal', ...(failed && { title: failed }) }].slice(-4))
  setTimeout(() => remove(id), failed ? stayOfFailure : stay)
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function Toasts() {
  const { t } = useTranslation()
  const shown = useSyncExternalStore(subscribe, () => toasts)
  return (
    <Portal>
      <div className="toasts" role="status" aria-live="polite">
        {shown.map(({ id, color, title, message }) => (
          <Alert
            key={id}
            color={color}
            title={title}
            withCloseButton
            closeButtonLabel={t('parts.close')}
            onClose={() => remove(id)}
          >
            {message}
          </Alert>
        ))}
      </div>
    </Portal>
  )
}
