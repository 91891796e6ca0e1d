import { execFileSync } from 'node:child_process'
import type { TestContext } from 'node:test'
import { afterwards } from './afterwards.ts'
import { missingAsRoot } from './programs.ts'

/** Why there can be no other host here; undefined where there can. */
export const noHosts = () => missingAsRoot('ip')

/** Another host on a wire of its own, as a network namespace: it has 10.77.N.2, and this one 10.77.N.1. */
export function otherHost(t: TestContext) {
  const number = process.pid % 250
  const [name, near, far] = [`stonechat${process.pid}`, `sc${process.pid}a`, `sc${process.pid}b`]
  const ip = (...words: string[]) => execFileSync('ip', words, { stdio: ['ignore', 'pipe', 'pipe'] })
  ip('netns', 'add', name)
  afterwards(t, () => ip('netns', 'delete', name))
  ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', name)
  ip('address', 'add', `10.77.${number}.1/24`, 'dev', near)
  ip('link', 'set', near, 'up')
  ip('-n', name, 'address', 'add', `10.77.${number}.2/24`, 'dev', far)
  ip('-n', name, 'link', 'set', far, 'up')
  return {
    /** Of this host, as the other one sees it. */
    address: `10.77.${number}.1`,
    /** In front of a command that is to run there. */
    command: ['ip', 'netns', 'exec', name],
    /** The wire is cut: what is sent is lost, and neither side hears of it. */
    cut: () => ip('-n', name, 'link', 'set', far, 'down'),
  }
}
