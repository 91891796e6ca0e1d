/** An IANA name that this runtime knows. Names only: a fixed offset such as +08:00 knows no summer time. */
export function isTimeZone(text: string): boolean {
  try {
    return /^[A-Z]/i.test(text) && new Intl.DateTimeFormat('en', { timeZone: text }) !== undefined
  } catch {
    // Not a zone that this runtime knows.
    return false
  }
}
