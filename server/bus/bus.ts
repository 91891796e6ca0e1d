import type { Announcement } from './announcements.ts'

/** `isForeign`: another node said so. Then it is a hint, and what it is about is looked up in the database. */
export type Listen = (announcement: Announcement, isForeign: boolean) => void

/**
 * Tells every node that has to hear of something, this one included. May lose an announcement, so nothing is true only
 * because of one.
 */
export interface Bus {
  /** This node's name: it stands in its leases, and others reach it by it. */
  readonly node: string
  /**
   * This node's listeners have heard it when this returns; others hear it soon. `to` are the other nodes that have to,
   * where the caller knows them; else those that hold the user's connections are looked up. A change of presence is
   * for everybody. Never throws: what it tells of has happened already.
   */
  publish(announcement: Announcement, to?: readonly string[]): void
  /** `missed` is called where announcements of others may have been lost. */
  subscribe(listen: Listen, missed?: () => void): void
  /** Tells what is still to be told, and hears nothing from here on. */
  close(): Promise<void>
}

/** Brings an announcement to all of this node's listeners, whatever becomes of one of them. */
export class Listeners {
  readonly #all: Listen[] = []
  readonly #report: (error: unknown) => void

  constructor(report: (error: unknown) => void) {
    this.#report = report
  }

  add(listen: Listen) {
    this.#all.push(listen)
  }

  tell(announcement: Announcement, isForeign: boolean) {
    for (const listen of this.#all)
      try {
        listen(announcement, isForeign)
      } catch (error) {
        this.#report(error)
      }
  }
}
