export const hour = 3_600_000
export const day = 24 * hour

/** A clock that stands still until a test moves it; it starts now, when the admin's token of the test is made. */
export function stoppedClock() {
  const start = Date.now()
  const clock = { start, at: start, now: () => clock.at }
  return clock
}
