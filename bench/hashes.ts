// The limit of registration and sign-in: the server's hasher and nothing else. node hashes.ts <hash|verify> <seconds>
import { loadHasher } from '../server/accounts/passwords.ts'
import { readConfig } from '../server/config.ts'

const [what, seconds] = process.argv.slice(2) as ['hash' | 'verify', string]
const { hashesAtOnce } = readConfig({})
const hasher = await loadHasher()
const phc = await hasher.hash('a password for all')
const work = what === 'hash' ? () => hasher.hash('a password for all') : () => hasher.verify(phc, 'a password for all')

const start = performance.now()
const end = start + Number(seconds) * 1000
let done = 0
const keepOn = async () => {
  while (performance.now() < end) {
    await work()
    done++
  }
}
await Promise.all(Array.from({ length: hashesAtOnce }, keepOn))
console.log((done * 1000) / (performance.now() - start))
