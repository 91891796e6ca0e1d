import type { ReactNode } from 'react'

/** What may be wider than the window goes sideways in its own frame, by keyboard too. */
export function Scroll({ name, children }: { name: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: else nobody could scroll it by keyboard
    <section className="scroll" aria-label={name} tabIndex={0}>
      {children}
    </section>
  )
}
