import { type Static, type TObject, Type } from '@sinclair/typebox'
import { DeviceGuid, DeviceSn, Flag, free, Milliseconds, optional, Platform, Text, UserId } from './fields.ts'

/**
 * What travels on `GET /realtime`, as JSON text, one object a frame; `type` names the frame. The first frame is the
 * client's `hello`; the service answers `ready`, or `error` and a close.
 */
export const realtimePath = '/realtime'

export const bounds = {
  /** From the open socket to the hello. */
  helloSeconds: 5,
  frameBytes: 16_384,
  /** Frames of a client in `frameSeconds`, pings included. */
  frames: 100,
  frameSeconds: 10,
  /** Users whose presence one connection is told. */
  subscriptions: 500,
  /** What may wait for a reader that does not read. */
  waitingBytes: 1_048_576,
} as const

const Users = Type.Array(UserId, { minItems: 1, maxItems: bounds.subscriptions })

/** From client to service. */
export const clientFrames = {
  hello: Type.Composite([
    Type.Object({ app_id: Type.String({ maxLength: 64 }), access_token: Type.String({ maxLength: 512 }) }),
    optional({ device_guid: DeviceGuid, platform: Platform, user_agent: Type.String({ maxLength: 512 }) }),
  ]),
  /** Answered in kind: so a client that cannot see protocol pings knows that the service is there. */
  heartbeat: Type.Object({}),
  /** Adds to the users whose presence is told, 500 in all; each is told at once and then at every change. */
  subscribe: Type.Object({ user_ids: Users }),
  unsubscribe: Type.Object({ user_ids: Users }),
  /** The push of this task has arrived: without it the push goes to the vendor's channel as well, after 5 s. */
  push_received: Type.Object({ task_id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) }),
} as const

const aboutDevice = Type.Object({ device_sn: DeviceSn })

/** From service to client. Notices go to the connections of the user that they are about. */
export const serverFrames = {
  ready: Type.Object({ user_id: UserId, device_sn: DeviceSn, heartbeat_seconds: Type.Integer() }),
  heartbeat: Type.Object({}),
  /** To whoever subscribed to the user. `last_seen` is 0 where the user was never seen. */
  presence: Type.Object({ user_id: UserId, online: Flag, last_seen: Milliseconds }),
  /**
   * A push, to be confirmed with `push_received`; one that comes twice has the same `task_id`. `badge` is the number to
   * show, -1 where it says nothing. `silent`: nothing is shown; `quiet`: shown without a sound.
   */
  push: Type.Object({
    task_id: Type.Integer(),
    silent: Flag,
    title: Text,
    body: Text,
    image: Text,
    badge: Type.Integer(),
    quiet: Flag,
    ext: free(),
  }),
  /** Before a close for something that the client did; `code` as on HTTP. */
  error: Type.Object({ code: Type.Integer(), message: Text }),
  /** The node stops: connect again after a random part of `spread_ms`. */
  stopping: Type.Object({ spread_ms: Type.Integer() }),
  /** To all of the user's connections, also to those that stay. */
  password_changed: Type.Object({}),
  disabled: Type.Object({}),
  deleted: Type.Object({}),
  /** The user's profile or settings changed: the names of the fields, never their values. */
  info_updated: Type.Object({ fields: Type.Array(Text) }),
  device_online: aboutDevice,
  device_offline: aboutDevice,
  device_added: aboutDevice,
  /** To that device only. */
  device_removed: aboutDevice,
  kicked: aboutDevice,
  replaced: aboutDevice,
} as const

/** Why the service closes. */
export const closeCodes = {
  stopping: 1001,
  /** Binary, no JSON, no known type, or a field that is wrong. */
  unreadable: 1007,
  /** Late, out of order, beyond a bound, or refused for what the app or the page is. */
  against_the_rules: 1008,
  /** Beyond `frameBytes`; there is no error frame before it. */
  too_large: 1009,
  /** The service's own failure. */
  failed: 1011,
  kicked: 4001,
  disabled: 4002,
  session_over: 4003,
  deleted: 4004,
  replaced: 4005,
  too_slow: 4008,
  too_many: 4029,
} as const

export type CloseReason = keyof typeof closeCodes

/** The session is over, or another connection of the device has its place: a client does not come back by itself. */
export const isFinal = (code: number) => code >= closeCodes.kicked && code <= closeCodes.replaced

type Frames<Group extends Record<string, TObject>> = {
  [Type in keyof Group & string]: { type: Type } & Static<Group[Type]>
}
export type ClientFrame<Type extends keyof typeof clientFrames = keyof typeof clientFrames> = Frames<
  typeof clientFrames
>[Type]
export type ServerFrame<Type extends keyof typeof serverFrames = keyof typeof serverFrames> = Frames<
  typeof serverFrames
>[Type]
