import type { Sql } from '../storage/sql.ts'

/**
 * Takes one from a bucket: `full_at` moves on by what one takes to come back (`each`), and may not be further away than
 * `all` of them take. False where the bucket is empty. A bucket that would be full later than is possible was filled by
 * a clock that has been set back since, and is a new one. All in microseconds.
 */
export async function takeFromBucket(
  sql: Sql,
  app: string,
  bucket: string,
  { now, each, all }: { now: number; each: number; all: number },
) {
  const taken = await sql`
    insert into tries (app_id, bucket, full_at)
    values (${app}, ${bucket}, ${now + each})
        on conflict (app_id, bucket) do update
       set full_at = case when tries.full_at between ${now} and ${now + all} then tries.full_at else ${now} end + ${each}
     where tries.full_at <= ${now + all - each} or tries.full_at > ${now + all}
    returning full_at`
  return taken.length === 1
}

/** Forgets up to 500 buckets that are full; returns how many. */
export async function purgeBuckets(sql: Sql, app: string, now: number) {
  const gone = await sql`
    delete from tries
     where app_id = ${app} and bucket in
           (select bucket from tries where app_id = ${app} and full_at < ${now} limit ${500})
    returning bucket`
  return gone.length
}
