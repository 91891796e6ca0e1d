/** In ms, between two looks at the same line. */
const apart = 100
const width = 24

/** What of a terminal is written to. */
export interface Screen {
  isTTY?: boolean
  write(text: string): unknown
}

/** A line that is written over and over while something long goes on; on what is no terminal, nothing. */
export class Progress {
  readonly #screen: Screen
  readonly #now: () => number
  readonly #began: number
  #shown = Number.NEGATIVE_INFINITY
  #isThere = false

  constructor(screen: Screen = process.stderr, now: () => number = () => performance.now()) {
    this.#screen = screen
    this.#now = now
    this.#began = now()
  }

  /** `part` is from 0 to 1, `doing` what goes on. */
  show(part: number, doing: string) {
    const now = this.#now()
    if (!this.#screen.isTTY || now - this.#shown < apart) return
    this.#shown = now
    this.#isThere = true
    const full = Math.floor(Math.min(1, Math.max(0, part)) * width)
    const percent = `${Math.floor(Math.min(1, Math.max(0, part)) * 100)}`.padStart(3)
    const left = part > 0.01 && part < 1 ? `  ${spoken(((now - this.#began) * (1 - part)) / part)} left` : ''
    this.#screen.write(`\r\u001b[K${'█'.repeat(full)}${'░'.repeat(width - full)} ${percent} %  ${doing}${left}`)
  }

  /** Takes the line away: what follows is written in its place. */
  clear() {
    if (this.#isThere) this.#screen.write('\r\u001b[K')
    this.#isThere = false
    this.#shown = Number.NEGATIVE_INFINITY
  }
}

function spoken(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}
