import { rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** In ms, between two looks. */
const apart = 1000

/**
 * Room on the disk of the data folder. A file of `size` bytes keeps room for what must work when everything else has
 * filled the disk: sign-in, ban, revocation, deletion. Where less than half of `size` is free it is removed and
 * `isFull` becomes true, which refuses what would grow the store; once twice `size` is free it is made again. A size
 * of 0 switches all of it off.
 */
export class Room {
  readonly #folder: string
  readonly #file: string
  readonly #size: number
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> | undefined
  #isHeld = false
  #isFull = false

  constructor(folder: string, size: number) {
    this.#folder = folder
    this.#file = join(folder, 'reserve')
    this.#size = size
  }

  get isFull() {
    return this.#isFull
  }

  /** Looks now and every second. `make` is called at each look at a full disk, to give back what can be given; `report` hears of failures. */
  watch(make: () => void, report: (error: unknown) => void) {
    if (this.#size === 0) return
    const look = () => {
      this.#looking ??= this.#look()
        .then(() => {
          if (this.#isFull) make()
        })
        .catch(report)
        .finally(() => {
          this.#looking = undefined
        })
    }
    look()
    this.#timer = setInterval(look, apart).unref()
  }

  async stop() {
    clearInterval(this.#timer)
    await this.#looking
  }

  async #look() {
    const { bavail, bsize } = await statfs(this.#folder)
    const free = bavail * bsize
    if (free < this.#size / 2) {
      this.#isFull = true
      this.#isHeld = false
      await rm(this.#file, { force: true })
    } else if (!this.#isHeld && free > (this.#isFull ? 2 : 1.5) * this.#size) {
      await this.#hold()
    }
  }

  async #hold() {
    try {
      await writeFile(this.#file, Buffer.alloc(this.#size), { mode: 0o600 })
    } catch (error) {
      await rm(this.#file, { force: true })
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return
      throw error
    }
    this.#isHeld = true
    this.#isFull = false
  }
}
