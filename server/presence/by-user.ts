import type { Connection } from './connection.ts'

/** Connections, grouped by a user of an app. */
export class ByUser {
  readonly #groups = new Map<string, Set<Connection>>()

  add(app: string, user: number, connection: Connection) {
    const place = key(app, user)
    const group = this.#groups.get(place)
    if (group) group.add(connection)
    else this.#groups.set(place, new Set([connection]))
  }

  /** Returns false when it was not there. */
  remove(app: string, user: number, connection: Connection): boolean {
    const place = key(app, user)
    const group = this.#groups.get(place)
    const found = group?.delete(connection) ?? false
    if (group?.size === 0) this.#groups.delete(place)
    return found
  }

  has(app: string, user: number): boolean {
    return this.#groups.has(key(app, user))
  }

  /** In the order in which they were added; a copy, so that it may change meanwhile. */
  of(app: string, user: number): Connection[] {
    return [...(this.#groups.get(key(app, user)) ?? [])]
  }

  *[Symbol.iterator](): Generator<Connection> {
    for (const group of this.#groups.values()) yield* group
  }
}

const key = (app: string, user: number) => `${app} ${user}`
