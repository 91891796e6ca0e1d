import type { CloseReason, ServerFrame } from '../../contract/frames.ts'
import type { DevicePush, Ending, EndingKind, Notice } from '../bus/announcements.ts'
import { ByUser } from '../by-user.ts'
import type { Connection, Peer } from './connection.ts'
import type { DismissalKind } from './dismissals.sql.ts'

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

/** This node's connections that said hello, and what reaches them of their own user. */
export class Hub {
  readonly #connections = new ByUser<Connection>()
  #size = 0

  get size() {
    return this.#size
  }

  [Symbol.iterator]() {
    return this.#connections[Symbol.iterator]()
  }

  /** From here on the connection is reached by what ends its session; notices come once it is ready. */
  hold(connection: Connection, peer: Peer) {
    connection.welcome(peer)
    this.#connections.add(peer.app, peer.user, connection)
    this.#size++
  }

  release(connection: Connection) {
    const { peer } = connection
    if (peer && this.#connections.remove(peer.app, peer.user, connection)) this.#size--
  }

  /** Connections of the same device that were here before this one make way. */
  replaceOlder(connection: Connection) {
    const { app, user, device } = connection.peer as Peer
    for (const other of this.#connections.of(app, user)) {
      if (other === connection) return
      if (other.peer?.device !== device) continue
      other.succeeded = true
      this.end(other, 'replaced')
    }
  }

  /** The database says that this connection is over. */
  dismiss(app: string, user: number, id: string, kind: DismissalKind) {
    const connection = this.#connections.of(app, user).find(each => each.id === id)
    if (!connection) return
    connection.succeeded ||= kind === 'succeeded'
    this.end(connection, kind === 'succeeded' ? 'replaced' : kind)
  }

  deliverEnding({ app, user, device, except, kind }: Ending) {
    for (const connection of this.#connections.of(app, user)) {
      const own = connection.peer?.device
      if ((device === 'all' || device === own) && own !== except) this.end(connection, kind)
    }
  }

  deliverNotice({ app, user, frame, except }: Notice) {
    for (const connection of this.#connections.of(app, user))
      if (connection.isReady && connection.peer?.device !== except) connection.send(frame)
  }

  deliverPush({ app, user, device, from, frame }: DevicePush) {
    for (const connection of this.#connections.of(app, user))
      if (connection.isReady && connection.peer?.device === device) connection.pushes(frame, from)
  }

  /** Tells why and closes: no frame that comes after this is looked at. */
  end(connection: Connection, kind: Ended) {
    const { reason, frame } = endings[kind]
    if (frame) connection.send(frame(connection.peer?.device ?? 0))
    connection.close(reason)
  }
}
