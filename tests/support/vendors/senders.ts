import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Sender, Target } from '../../../server/senders/sender.ts'
import type { Opened, Supplies } from '../../../server/senders/senders.ts'
import { folder } from '../../harness.ts'
import { afterwards } from '../afterwards.ts'
import { certificate } from './certificate.ts'

export function keyPair(type: 'ec' | 'rsa'): { secret: string; open: string } {
  const { privateKey, publicKey } =
    type === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    secret: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    open: publicKey.export({ type: 'spki', format: 'pem' }) as string,
  }
}

export const apple = { team_id: 'A1B2C3D4E5', key_id: 'F6G7H8I9J0', bundle_id: 'com.example.shop' }

/** What makes a node reach these services: the operator's settings. */
export function reaching(t: TestContext, ...origins: string[]) {
  const file = join(folder(t), 'authorities.pem')
  writeFileSync(file, certificate)
  return { pushOrigins: origins, pushAuthorities: file }
}

type Make = (supplies: Supplies, notifier: Opened) => Sender

/** A sender by itself, closed after the test. */
export function senderOf(
  t: TestContext,
  make: Make,
  origins: string[],
  credentials: Opened['credentials'],
  now = Date.now,
) {
  const supplies = {
    outgoing: { origins: new Set(origins), authorities: certificate },
    now,
    report: (error: unknown) => {
      throw error
    },
  }
  const sender = make(supplies as Partial<Supplies> as Supplies, { name: 'test', environment: 1, credentials })
  afterwards(t, () => sender.close())
  return sender
}

/** A device with this token, and a push for it. */
export const targetOf = (token: string, push: Partial<Target['push']> = {}, user = 1001): Target => ({
  app: 'app',
  task: 7,
  user,
  device: 1,
  token,
  boundAt: 0,
  push: {
    isSilent: false,
    title: 'Hello',
    body: '你好',
    bigText: '',
    image: '',
    badge: 3,
    isQuiet: false,
    ext: { room: 7, task_id: 7 },
    vendors: {},
    expires: Date.now() + 3_600_000,
    isUrgent: false,
    ...push,
  },
})
