import { readFileSync } from 'node:fs'

/** What a page of the docs says in this place, so that a test runs just that. `file` is relative to the project. */
export function documented(file: string, place: RegExp): string {
  const found = place.exec(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'))?.[1]
  if (found === undefined) throw new Error(`${file} does not say ${place} any more`)
  return found
}
