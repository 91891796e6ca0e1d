import type { CloseReason, ServerFrame } from '../../contract/frames.ts'
import type { Announcement, Ending, EndingKind, Notice, PresenceChange } from '../bus/bus.ts'
import type { Connection, Peer } from './connection.ts'

/** A session is ended by somebody, or has just run out. */
export type Ended = EndingKind | 'expired'

/** How each kind of ending is told to the connections that it ends. */
const endings: Record<Ended, { reason: CloseReason; frame?: (device_sn: number) => ServerFrame }> = {
  kicked: { reason: 'kicked', frame: device_sn => ({ type: 'kicked', device_sn }) },
  removed: { reason: 'kicked', frame: device_sn => ({ type: 'device_removed', device_sn }) },
  evicted: { reason: 'kicked', frame: device_sn => ({ type: 'device_removed', device_sn }) },
  replaced: { reason: 'replaced', frame: device_sn => ({ type: 'replaced', device_sn }) },
  password_changed: { reason: 'session_over', frame: () => ({ type: 'password_changed' }) },
  disabled: { reason: 'disabled', frame: () => ({ type: 'disabled' }) },
  expired: { reason: 'session_over' },
  deleted: { reason: 'deleted', frame: () => ({ type: 'deleted' }) },
}

/** This node's connections: who is here, who asked for whose presence, and what reaches them. */
export class Hub {
  readonly #byUser = new Map<string, Set<Connection>>()
  readonly #watchers = new Map<string, Set<Connection>>()
  readonly #ended: (connection: Connection) => void
  #size = 0

  /** `ended` is told of each connection that the hub closes. */
  constructor(ended: (connection: Connection) => void) {
    this.#ended = ended
  }

  get size() {
    return this.#size
  }

  /** Connections that said hello, in the order in which they did. */
  *[Symbol.iterator](): Generator<Connection> {
    for (const connections of this.#byUser.values()) yield* connections
  }

  /** From here on the connection is reached; an older one of the same device makes way. */
  hold(connection: Connection, peer: Peer) {
    connection.welcome(peer)
    const place = key(peer.app, peer.user)
    for (const other of [...(this.#byUser.get(place) ?? [])])
      if (other.peer?.device === peer.device) this.end(other, 'replaced')
    add(this.#byUser, place, connection)
    this.#size++
  }

  /** Returns false when it was not held. */
  release(connection: Connection): boolean {
    const { peer } = connection
    if (!peer) return false
    this.unwatch(connection, connection.subscriptions)
    const held = remove(this.#byUser, key(peer.app, peer.user), connection)
    if (held) this.#size--
    return held
  }

  watch(connection: Connection, users: Iterable<number>) {
    for (const user of users) {
      connection.subscriptions.add(user)
      add(this.#watchers, key(connection.peer?.app as string, user), connection)
    }
  }

  unwatch(connection: Connection, users: Iterable<number>) {
    for (const user of [...users]) {
      connection.subscriptions.delete(user)
      remove(this.#watchers, key(connection.peer?.app as string, user), connection)
    }
  }

  readonly deliver = (announcement: Announcement) => {
    if (announcement.about === 'ending') this.#deliverEnding(announcement.ending)
    else if (announcement.about === 'notice') this.#deliverNotice(announcement.notice)
    else this.#deliverPresence(announcement.change)
  }

  #deliverEnding({ app, user, device, except, kind }: Ending) {
    for (const connection of [...(this.#byUser.get(key(app, user)) ?? [])]) {
      const own = connection.peer?.device
      if ((device === 'all' || device === own) && own !== except) this.end(connection, kind)
      else if (kind === 'password_changed') connection.send({ type: 'password_changed' })
    }
  }

  /** Tells why, closes, and lets go at once: no frame that comes after this is looked at. */
  end(connection: Connection, kind: Ended) {
    const { reason, frame } = endings[kind]
    if (frame) connection.send(frame(connection.peer?.device ?? 0))
    connection.close(reason)
    this.#ended(connection)
  }

  #deliverNotice({ app, user, frame, except }: Notice) {
    for (const connection of this.#byUser.get(key(app, user)) ?? [])
      if (connection.peer?.device !== except) connection.send(frame)
  }

  #deliverPresence({ app, user, online, at }: PresenceChange) {
    for (const connection of this.#watchers.get(key(app, user)) ?? [])
      connection.send({ type: 'presence', user_id: user, online, last_seen: at })
  }
}

const key = (app: string, user: number) => `${app} ${user}`

function add(map: Map<string, Set<Connection>>, place: string, connection: Connection) {
  const connections = map.get(place)
  if (connections) connections.add(connection)
  else map.set(place, new Set([connection]))
}

function remove(map: Map<string, Set<Connection>>, place: string, connection: Connection): boolean {
  const connections = map.get(place)
  const found = connections?.delete(connection) ?? false
  if (connections?.size === 0) map.delete(place)
  return found
}
