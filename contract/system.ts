import { Type } from '@sinclair/typebox'
import { Milliseconds, Text } from './fields.ts'
import { operations } from './operation.ts'

const Bytes = Type.Integer({ minimum: 0, format: 'int64', description: 'Bytes' })
const Count = Type.Integer({ minimum: 0, format: 'int32' })

export const System = Type.Object({
  version: Text,
  runtime: Type.String({ description: 'Version of Node' }),
  started_at: Milliseconds,
  uptime: Type.Integer({ format: 'int64', description: 'ms that this node runs' }),
  engine: Type.String({ description: 'sqlite or postgres' }),
  database_bytes: Bytes,
  log_bytes: Type.Integer({
    minimum: 0,
    format: 'int64',
    description: 'Bytes of the write-ahead log; 0 where unknown',
  }),
  disk_free_bytes: Type.Integer({ minimum: 0, format: 'int64', description: 'Bytes free where the data folder is' }),
  disk_full: Type.Boolean({ description: 'What would grow the store is refused' }),
  memory_bytes: Type.Integer({ minimum: 0, format: 'int64', description: 'Bytes that this process holds' }),
  connections: Type.Integer({ ...Count, description: 'Connections that this node holds' }),
  sessions_known: Type.Integer({ ...Count, description: 'Sessions in the cache of this node' }),
  hashes: Type.Object({
    running: Count,
    waiting: Type.Integer({ ...Count, description: 'Passwords that wait to be hashed on this node' }),
  }),
  nodes: Type.Array(
    Type.Object({
      node_id: Text,
      renewed_at: Type.Integer({ ...Milliseconds, description: 'When it last said that it is alive; in ms' }),
      alive: Type.Boolean(),
    }),
    { description: 'Nodes of the installation, at most 100' },
  ),
  outbox: Type.Object({
    waiting: Type.Integer({
      ...Count,
      description: 'Push jobs that are not finished; 10,000 stands for that many or more',
    }),
    oldest_at: Type.Integer({
      ...Milliseconds,
      description: 'When the oldest of them was due; 0: there is none; in ms',
    }),
  }),
  notifiers: Type.Array(Type.Object({ app_id: Text, name: Text, reason: Text, parked_until: Milliseconds }), {
    description: 'Notifiers whose vendor refuses their credentials, at most 100',
  }),
  migrations: Type.Array(
    Type.Object({ name: Text, state: Type.String({ description: 'applied or pending' }), applied_at: Milliseconds }),
  ),
})

export const system = operations({
  showSystem: {
    summary: 'Health of the installation',
    about: 'Of the node that answers, and of what all nodes share.',
    methods: ['GET'],
    path: '/operator/system',
    who: 'operator',
    result: System,
  },
})
