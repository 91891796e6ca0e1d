import { dirname } from 'node:path'
import { Content } from './content.ts'
import type { Deed } from './trace.ts'

/** What a cut leaves of what was not synced: nothing, everything (as a kill does), or by chance, 512 bytes at a time. */
export type Left = 'nothing' | 'everything' | 'some'

interface File {
  safe: Content
  /** Writes and cuts since the last sync, in their order. */
  pending: Deed[]
}

type Entry = File | 'folder'
type Names = Map<string, Entry>

const sector = 512

/**
 * A disk that keeps only what it must: bytes are safe once their file was synced, names once their folder was. Beside
 * it runs what the program sees, where everything has happened.
 */
export class Disk {
  readonly #files = new Map<bigint, File>()
  readonly #seen: Names = new Map([['', 'folder']])
  readonly #safe: Names = new Map([['', 'folder']])
  #pendingNames: Deed[] = []

  apply(deed: Deed) {
    const file = this.#files.get(deed.inode)
    if (deed.op === 'W' || deed.op === 'T') file?.pending.push(deed)
    else if (deed.op === 'S') this.#sync(file, deed.at)
    else if (deed.op === 'D') this.#syncFolder(deed.path, deed.at)
    else {
      if (deed.op === 'C') this.#files.set(deed.inode, { safe: new Content(), pending: [] })
      this.#name(this.#seen, deed)
      this.#pendingNames.push(deed)
    }
  }

  /** The files that are there when the power comes back, by path. `chance` gives numbers in [0, 1). */
  cut(left: Left, chance: () => number): Map<string, Buffer> {
    const names = new Map(this.#safe)
    // A journal of names is written from its start on, so what is left of it is a beginning.
    const kept = { nothing: 0, everything: this.#pendingNames.length, some: chance() * (this.#pendingNames.length + 1) }
    for (const deed of this.#pendingNames.slice(0, Math.floor(kept[left]))) this.#name(names, deed)
    const found = new Map<string, Buffer>()
    for (const [path, entry] of names)
      if (entry !== 'folder' && isReachable(names, path)) found.set(path, contentOf(entry, left, chance))
    return found
  }

  #sync(file: File | undefined, began: number) {
    if (!file) return
    for (const deed of file.pending) if (deed.end <= began) change(file.safe, deed)
    file.pending = file.pending.filter(deed => deed.end > began)
  }

  #syncFolder(path: string, began: number) {
    const isCovered = (deed: Deed) => deed.end <= began && dirname(deed.path || '/').replace(/^\/$/, '') === path
    for (const deed of this.#pendingNames) if (isCovered(deed)) this.#name(this.#safe, deed)
    this.#pendingNames = this.#pendingNames.filter(deed => !isCovered(deed))
  }

  #name(names: Names, { op, path, inode, data }: Deed) {
    if (op === 'C') names.set(path, this.#files.get(inode) as File)
    else if (op === 'M') names.set(path, 'folder')
    else if (op === 'U') names.delete(path)
    else {
      const entry = names.get(path) ?? this.#seen.get(path)
      if (entry) names.set(data.toString(), entry)
      if (op === 'R') names.delete(path)
    }
  }
}

/** A file whose folder was lost cannot be found. */
function isReachable(names: Names, path: string): boolean {
  const folder = dirname(path).replace(/^\/$/, '')
  return names.get(folder) === 'folder' && (folder === '' || isReachable(names, folder))
}

function contentOf({ safe, pending }: File, left: Left, chance: () => number): Buffer {
  if (left === 'nothing') return safe.bytes
  const content = new Content(safe.bytes)
  for (const deed of pending) {
    if (left === 'everything') change(content, deed)
    else if (deed.op === 'T') {
      if (chance() < 0.5) change(content, deed)
    } else
      for (let from = 0; from < deed.data.length; from += sector)
        if (chance() < 0.5) content.write(deed.at + from, deed.data.subarray(from, from + sector))
  }
  return content.bytes
}

function change(content: Content, { op, at, data }: Deed) {
  if (op === 'T') content.resize(at)
  else content.write(at, data)
}
