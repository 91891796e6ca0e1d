/** Members, grouped by a user of an app. Nearly every user has one, which is kept as it is: a set of its own costs 200 bytes. */
export class ByUser<Member extends object | string> {
  readonly #groups = new Map<string, Member | Set<Member>>()

  add(app: string, user: number, member: Member) {
    const place = key(app, user)
    const group = this.#groups.get(place)
    if (group instanceof Set) group.add(member)
    else if (group === undefined) this.#groups.set(place, member)
    else if (group !== member) this.#groups.set(place, new Set([group, member]))
  }

  /** Returns false when it was not there. */
  remove(app: string, user: number, member: Member): boolean {
    const place = key(app, user)
    const group = this.#groups.get(place)
    if (group instanceof Set) {
      const found = group.delete(member)
      if (group.size === 0) this.#groups.delete(place)
      return found
    }
    return group === member && this.#groups.delete(place)
  }

  has(app: string, user: number): boolean {
    return this.#groups.has(key(app, user))
  }

  /** In the order in which they were added; a copy, so that it may change meanwhile. */
  of(app: string, user: number): Member[] {
    const group = this.#groups.get(key(app, user))
    return group === undefined ? [] : group instanceof Set ? [...group] : [group]
  }

  clear() {
    this.#groups.clear()
  }

  *[Symbol.iterator](): Generator<Member> {
    for (const group of this.#groups.values()) {
      if (group instanceof Set) yield* group
      else yield group
    }
  }
}

const key = (app: string, user: number) => `${app} ${user}`
