/** Ids are cut into blocks of six sizes, each a power of two; the last holds them all. */
const bits = [0, 6, 12, 18, 24, 53]

const blockOf = (user: number, size: number) => `${size}:${Math.floor(user / 2 ** size)}`

/** The smallest block in which all these users lie. */
export function regionOf(users: readonly number[]): string {
  const [first, last] = [Math.min(...users), Math.max(...users)]
  const size = bits.find(size => blockOf(first, size) === blockOf(last, size))
  return blockOf(first, size ?? 53)
}

/** Where what is about the user may stand; the empty one has what was stored before there were regions. */
export const regionsOf = (user: number): string[] => ['', ...bits.map(size => blockOf(user, size))]
