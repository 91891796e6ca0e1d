import { createCipheriv, createECDH, createHmac, randomBytes } from 'node:crypto'

/** What a browser gave when it subscribed. */
export interface Subscription {
  endpoint: string
  /** Its public key, 65 bytes. */
  p256dh: Buffer
  /** 16 bytes */
  auth: Buffer
}

const keyInfo = Buffer.from('WebPush: info\0')
const contentKeyInfo = Buffer.from('Content-Encoding: aes128gcm\0\x01', 'latin1')
const nonceInfo = Buffer.from('Content-Encoding: nonce\0\x01', 'latin1')
const one = Buffer.from([1])
/** Marks the end of the last record. */
const end = Buffer.from([2])
const recordSize = 4096
/** What push services take, less header, mark and tag. */
export const mostPlain = recordSize - 86 - 17

const hmac = (key: Buffer, ...parts: Buffer[]) => {
  const made = createHmac('sha256', key)
  for (const part of parts) made.update(part)
  return made.digest()
}

/** The body of a push: RFC 8291, in one record of RFC 8188. Fails where the subscription's key is no point of the curve. */
export function encrypted(
  { p256dh, auth }: Subscription,
  plain: Buffer,
  salt = randomBytes(16),
  own = newKeys(),
): Buffer {
  const ownPublic = own.getPublicKey()
  const shared = own.computeSecret(p256dh)
  const material = hmac(hmac(auth, shared), keyInfo, p256dh, ownPublic, one)
  const pseudoRandom = hmac(salt, material)
  const key = hmac(pseudoRandom, contentKeyInfo).subarray(0, 16)
  const nonce = hmac(pseudoRandom, nonceInfo).subarray(0, 12)
  const cipher = createCipheriv('aes-128-gcm', key, nonce)
  const header = Buffer.alloc(21)
  salt.copy(header)
  header.writeUInt32BE(recordSize, 16)
  header[20] = ownPublic.length
  return Buffer.concat([
    header,
    ownPublic,
    cipher.update(plain),
    cipher.update(end),
    cipher.final(),
    cipher.getAuthTag(),
  ])
}

function newKeys() {
  const keys = createECDH('prime256v1')
  keys.generateKeys()
  return keys
}
