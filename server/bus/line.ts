/** One way between nodes: texts to a node, or to everybody, best effort. */
export interface Line {
  /** What one text may weigh, in bytes of UTF-8. */
  readonly mostBytes: number
  /** Fails where they could not be handed over. */
  send(parcels: readonly Parcel[]): Promise<unknown>
  close(): Promise<unknown>
}

export interface Parcel {
  /** A node, or `everybody`. */
  to: string
  text: string
}

export const everybody = 'everybody'

export interface Ears {
  hear(text: string): void
  /** Something may have been lost, and the line goes on. */
  gap(): void
  /** The line is of no use any more. */
  broken(error: Error): void
}

/** Opens a line on which this node hears what is sent to it and to everybody. */
export type OpenLine = (node: string, ears: Ears) => Promise<Line>
