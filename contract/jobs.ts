import { Type } from '@sinclair/typebox'
import { Cursor, Done, Flag, Milliseconds, oneOf, optional, pageSize, Tags, Text, UserId } from './fields.ts'
import { batchBody, operations } from './operation.ts'
import { UserFilter } from './users.ts'

export const jobActs = ['ban', 'unban', 'kick', 'tag', 'untag', 'export'] as const
export const jobStates = ['waiting', 'running', 'done', 'cancelled'] as const

const JobId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, format: 'int64', description: 'Job ID' })
const count = (description: string) => Type.Integer({ format: 'int64', description })

export const Job = Type.Object({
  job_id: JobId,
  act: Type.String({ description: jobActs.join(', ') }),
  tags: Type.Array(Text, { description: 'Of tag and untag' }),
  state: Type.String({ description: jobStates.join(', ') }),
  by: Type.String({ description: 'Name of the admin who made it' }),
  filter: UserFilter,
  total: count('Users that it is about, as far as they were counted when it was made'),
  total_exact: Type.Boolean({ description: 'false: at least so many' }),
  done: count('Users that are through, failed ones included'),
  failed: count('Users for whom it was refused'),
  created_at: Milliseconds,
  finished_at: Type.Integer({ format: 'int64', description: 'In ms; 0: not yet' }),
})

export const jobs = operations({
  startJob: {
    summary: 'Do something to many users',
    about:
      'Over `user_ids`, or over all whom `filter` finds (`GET /admin/users/count` says beforehand how many; an empty filter is everybody). Each user is done, and noted in the audit trail, by itself; a job goes on where it was when its node stops. `tag` and `untag` need `tags`.',
    methods: ['POST'],
    path: '/admin/job',
    who: 'admin',
    confirmed: true,
    grows: true,
    bodyLimit: batchBody,
    body: Type.Composite([
      Type.Object({ act: oneOf(jobActs, 'What is done') }),
      optional({
        user_ids: Type.Array(UserId, { minItems: 1, maxItems: 10_000, description: 'Up to 10,000 user IDs' }),
        filter: UserFilter,
        tags: Tags,
      }),
    ]),
    result: Job,
  },
  getJob: {
    summary: 'How far a job has come',
    methods: ['GET'],
    path: '/admin/job',
    who: 'admin',
    query: Type.Object({ job_id: JobId }),
    result: Job,
  },
  listJobs: {
    summary: 'The jobs of the last 30 days, newest first',
    methods: ['GET'],
    path: '/admin/job/list',
    who: 'admin',
    query: optional({ page_size: pageSize(200), cursor: Cursor }),
    result: Type.Array(Job),
    beside: Type.Object({ cursor: Type.Optional(Text) }),
  },
  jobRows: {
    summary: 'What a job came to, user by user',
    about: 'In the order of the users’ ids. With `failed` true only those that were refused.',
    methods: ['GET'],
    path: '/admin/job/rows',
    who: 'admin',
    query: Type.Composite([
      Type.Object({ job_id: JobId }),
      optional({ failed: Flag, page_size: pageSize(500), cursor: Cursor }),
    ]),
    result: Type.Array(
      Type.Object({
        user_id: UserId,
        success: Flag,
        reason: Type.String({ description: 'Cause of failure; empty on success' }),
        at: Milliseconds,
      }),
    ),
    beside: Type.Object({ cursor: Type.Optional(Text) }),
  },
  jobExport: {
    summary: 'The users of an export, page by page',
    about:
      '`text` is a part of the file: lines of JSON, or of CSV with a heading on the first page. Users are read when a page is asked for, so that whoever was deleted meanwhile is not in it. The last page has no cursor.',
    methods: ['GET'],
    path: '/admin/job/export',
    who: 'admin',
    noted: true,
    query: Type.Composite([
      Type.Object({ job_id: JobId }),
      optional({
        format: oneOf(['ndjson', 'csv'], 'Form of the lines; ndjson (default)'),
        page_size: pageSize(500),
        cursor: Cursor,
      }),
    ]),
    result: Type.Object({ text: Text }),
    beside: Type.Object({ cursor: Type.Optional(Text) }),
  },
  cancelJob: {
    summary: 'Stop a job',
    about: 'What was done stays done. A job that is over stays as it is.',
    methods: ['POST'],
    path: '/admin/job/cancel',
    who: 'admin',
    body: Type.Object({ job_id: JobId }),
    result: Done,
  },
})
