import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { cost, type Hasher, Passwords } from '../../server/accounts/passwords.ts'
import type { TestNode } from '../harness.ts'

/**
 * Passwords whose hashing is a wait of random length and no work: what is attacked is what happens meanwhile, and two
 * hundred rounds of it fit into a build. (docs/decisions/0015-hashing-as-a-wait.md)
 */
export function hashQuickly({ node }: Pick<TestNode, 'node'>, mostWait = 3) {
  node.services.passwords = new Passwords(quick(mostWait), 100, 10_000)
}

const head = `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.lanes}$`

const quick = (mostWait: number): Hasher => {
  const digest = async (password: string) => {
    if (mostWait > 0) await wait(Math.random() * mostWait)
    return `${head}${createHash('sha256').update(password).digest('base64')}`
  }
  return { hash: digest, verify: async (phc, password) => phc === (await digest(password)) }
}
