const hour = 3_600_000
const day = 24 * hour

/** The calendar of a zone. */
function calendar(zone: string) {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })
  return (at: number) => format.format(at)
}

/** The last seven days in the zone, today last, as YYYY-MM-DD. */
export function lastDays(zone: string, now: number): string[] {
  const dayOf = calendar(zone)
  return [...new Set([6, 5, 4, 3, 2, 1, 0].map(i => dayOf(now - i * day)))]
}

/** Sums by day in the zone what was counted by hours since 1970 UTC. */
export function sumByDay(zone: string, counts: { hour: number; users: number }[]): Map<string, number> {
  const dayOf = calendar(zone)
  const sums = new Map<string, number>()
  for (const { hour: at, users } of counts) {
    const name = dayOf(at * hour)
    sums.set(name, (sums.get(name) ?? 0) + users)
  }
  return sums
}

/** When the day began in the zone (ms), on the clock's own count of hours: summer time may move it by one. */
export function midnight(zone: string, now: number): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(now)
  const number = (type: string) => Number(parts.find(part => part.type === type)?.value)
  return now - (now % 1000) - ((number('hour') * 60 + number('minute')) * 60 + number('second')) * 1000
}
