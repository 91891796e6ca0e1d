import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** Makes the names in a folder safe from a power cut: a file that was synced is lost with its name where this was left out. */
export function syncFolder(path: string) {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** Makes the folder and what is missing above it, readable by nobody else, and safe from a power cut. */
export function makeFolder(path: string) {
  const first = mkdirSync(path, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let made = resolve(path); made.length >= first.length; made = dirname(made)) syncFolder(dirname(made))
}
