import { readFileSync } from 'node:fs'

/** One thing that the program did to a file or folder; recorder.c says what the letters mean. */
export interface Deed {
  op: 'C' | 'M' | 'W' | 'T' | 'S' | 'D' | 'L' | 'R' | 'U'
  inode: bigint
  /** Bytes: where a write begins, the length after a cut, what the trace held when a sync began. */
  at: number
  path: string
  data: Buffer
  /** Bytes of the trace up to the end of this deed: its place in time. */
  end: number
}

const headBytes = 24

/** The deeds in the order in which they were done. */
export function readTrace(file: string): Deed[] {
  const bytes = readFileSync(file)
  const deeds: Deed[] = []
  for (let start = 0; start + headBytes <= bytes.length; ) {
    const pathAt = start + headBytes
    const dataAt = pathAt + bytes.readUInt16LE(start + 2)
    const end = dataAt + bytes.readUInt32LE(start + 4)
    deeds.push({
      op: String.fromCharCode(bytes[start] as number) as Deed['op'],
      inode: bytes.readBigUInt64LE(start + 8),
      at: Number(bytes.readBigInt64LE(start + 16)),
      path: bytes.toString('utf8', pathAt, dataAt),
      data: bytes.subarray(dataAt, end),
      end,
    })
    start = end
  }
  return deeds
}
