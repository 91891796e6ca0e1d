// For `node --import`: the program as it is, but each statement is a batch of its own, so each write has its own commit.
import { registerHooks } from 'node:module'

const batch = new URL('../server/storage/batch.ts', import.meta.url).href
const limit = /^const waveLimit = \d+$/m

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (url !== batch) return loaded
    const source = String(loaded.source)
    if (!limit.test(source))
      throw new Error(`${url} has no line that ${limit} finds: bench/commit-each.ts must follow it`)
    return { ...loaded, source: source.replace(limit, 'const waveLimit = 1') }
  },
})
