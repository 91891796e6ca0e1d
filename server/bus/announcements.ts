import { type Static, type TObject, type TSchema, Type } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { DeviceSn, UserId } from '../../contract/fields.ts'
import { serverFrames } from '../../contract/frames.ts'

/** What is announced, as schemas: from another node it comes as bytes, and is checked before anybody looks at it. */

const AppId = Type.String({ minLength: 1, maxLength: 64 })
const NodeId = Type.String({ minLength: 1, maxLength: 64 })
const TaskId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const ofUser = { app: AppId, user: UserId }

const oneOf = <const Words extends string[]>(...words: Words) =>
  Type.Unsafe<Words[number]>(Type.Union(words.map(word => Type.Literal(word))))

const Kind = oneOf('kicked', 'removed', 'evicted', 'replaced', 'password_changed', 'disabled', 'deleted')

const { push: pushFrame, ...notices } = serverFrames
const frame = <Name extends string, Schema extends TObject>(name: Name, schema: Schema) =>
  Type.Composite([Type.Object({ type: Type.Literal(name) }), schema])
const NoticeFrame = Type.Unsafe<
  { [Name in keyof typeof notices]: { type: Name } & Static<(typeof notices)[Name]> }[keyof typeof notices]
>(Type.Union(Object.entries(notices).map(([name, schema]) => frame(name, schema as TObject))))

/** What ended, for which device; `all` may spare the device `except`. */
const Ending = Type.Object({
  ...ofUser,
  device: Type.Union([DeviceSn, Type.Literal('all')]),
  except: Type.Optional(Type.Integer({ minimum: 0 })),
  kind: Kind,
})

/** A frame for the user's connections, but for those of one device. */
const Notice = Type.Object({ ...ofUser, frame: NoticeFrame, except: Type.Optional(DeviceSn) })

/** A user came online or went offline; which of the two, the leases say. */
const PresenceChange = Type.Object(ofUser)

/** A push for one device, wherever it is connected; `from` is the node that waits for the receipt. */
const DevicePush = Type.Object({ ...ofUser, device: DeviceSn, from: NodeId, frame: frame('push', pushFrame) })

/** A device confirms the push of a task. */
const Receipt = Type.Object({ ...ofUser, device: DeviceSn, task: TaskId })

/** What people who watch the app are shown: best effort, and for everybody. */
const Activity = Type.Object({
  app: AppId,
  kind: Type.String({ maxLength: 32 }),
  user: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  device: Type.Integer({ minimum: 0 }),
  count: Type.Integer({ minimum: 0 }),
  detail: Type.String({ maxLength: 64 }),
})

const about = <Word extends string, Schemas extends Record<string, TSchema>>(word: Word, schemas: Schemas) =>
  Type.Object({ about: Type.Literal(word), ...schemas })

const Announcement = Type.Union([
  about('ending', { ending: Ending }),
  about('notice', { notice: Notice }),
  about('presence', { change: PresenceChange }),
  about('push', { push: DevicePush }),
  about('receipt', { receipt: Receipt }),
  about('activity', { activity: Activity }),
  /** Connections of the node that is told are over: the database says which. */
  about('dismissals', {}),
  /** A node has just started: from now on this one is not alone. */
  about('arrival', { node: NodeId }),
])

export type Ending = Static<typeof Ending>
export type EndingKind = Static<typeof Kind>
export type Notice = Static<typeof Notice>
export type PresenceChange = Static<typeof PresenceChange>
export type DevicePush = Static<typeof DevicePush>
export type Receipt = Static<typeof Receipt>
export type Activity = Static<typeof Activity>
export type Announcement = Static<typeof Announcement>

const checked = TypeCompiler.Compile(Announcement)
export const isAnnouncement = (value: unknown): value is Announcement => checked.Check(value)
