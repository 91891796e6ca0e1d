import type { Sql } from './sql.ts'

/** A database that is open, whichever engine keeps it. */
export interface Store {
  sql: Sql
  /**
   * Whether all that serve are this process, and what any other writes is seen at once. Then a node may keep what it has
   * read until `foreignVersion` changes; else what must not be stale is read for each request.
   */
  readonly sole: boolean
  /** Changes when what was read before may be stale: where `sole`, when another process has committed; else every second. */
  foreignVersion(): number
  /** Lets the database forget erased rows for good, soon. */
  scrub(): void
  /** Finishes what was asked for. */
  close(): Promise<void>
}
