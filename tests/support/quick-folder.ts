import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { afterwards } from './afterwards.ts'

const memory = '/dev/shm'

/** A folder in memory where the system has one: for tests of many writes that are not about disks. */
export function quickFolder(t: TestContext): string {
  const path = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), 'stonechat-'))
  afterwards(t, () => rmSync(path, { recursive: true, force: true }))
  return path
}
