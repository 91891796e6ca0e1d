import { argon2, createHash, createHmac, pbkdf2, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { Hasher } from './passwords.ts'

/**
 * Password hashes that other systems have made: accepted from an import, tried at the next sign-in, and replaced there
 * by one of ours. Each kind is read by one expression, whose numbers are bounded, so that no imported hash can keep a
 * processor busy for long.
 */
interface Kind {
  name: string
  form: RegExp
  /** Whether one try costs no more than is bearable; `parts` are what the form found. */
  isBearable(parts: string[]): boolean
  verify(password: string, parts: string[], text: string): Promise<boolean>
}

const derive = promisify(pbkdf2)
const argon2Key = promisify(argon2)
const scryptKey = promisify(scrypt) as (
  password: string,
  salt: Buffer,
  length: number,
  options: object,
) => Promise<Buffer>

const mebibyte = 1_048_576
const mostIterations = 2_000_000
const mostMemory = 256 * mebibyte

/** Base64 of any kind: standard, URL-safe, or with the dots of passlib; padded or not. */
const bytes = (text: string) => Buffer.from(text.replaceAll('.', '+'), 'base64')
const same = (one: Buffer, other: Buffer) => one.length === other.length && timingSafeEqual(one, other)
const isFew = (iterations = '') => Number(iterations) >= 1 && Number(iterations) <= mostIterations

const kinds: Kind[] = [
  {
    name: 'bcrypt',
    form: /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/,
    isBearable: ([cost]) => Number(cost) >= 4 && Number(cost) <= 14,
    verify: async (password, _, text) => (await import('@node-rs/bcrypt')).verify(password, text),
  },
  {
    name: 'argon2',
    form: /^\$(argon2id|argon2i|argon2d)\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([\w+/]{11,90})\$([\w+/]{20,90})$/,
    isBearable: ([, memory, passes, lanes]) =>
      Number(memory) >= 8 * Number(lanes) &&
      Number(memory) * 1024 <= mostMemory &&
      Number(passes) >= 1 &&
      Number(passes) <= 16 &&
      Number(lanes) >= 1,
    async verify(password, [kind, memory, passes, lanes, salt = '', key = '']) {
      const wanted = bytes(key)
      const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(lanes) }
      const given = { message: password, nonce: bytes(salt), tagLength: wanted.length, ...cost }
      return same(await argon2Key(kind as 'argon2i', given), wanted)
    },
  },
  {
    name: 'scrypt',
    form: /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/.-]{4,200}={0,2})\$([\w+/.-]{20,200}={0,2})$/,
    isBearable: ([ln, r, p]) => {
      const [log, blocks, lanes] = [Number(ln), Number(r), Number(p)]
      return log >= 1 && blocks >= 1 && lanes >= 1 && lanes <= 16 && 128 * 2 ** log * blocks <= mostMemory
    },
    async verify(password, [ln, r, p, salt = '', key = '']) {
      const wanted = bytes(key)
      const options = { N: 2 ** Number(ln), r: Number(r), p: Number(p), maxmem: 2 * mostMemory }
      return same(await scryptKey(password, bytes(salt), wanted.length, options), wanted)
    },
  },
  {
    name: 'pbkdf2',
    form: /^\$pbkdf2-(sha1|sha256|sha512)\$(?:i=)?(\d{1,8})(?:,l=\d{1,3})?\$([\w+/.-]{1,200}={0,2})\$([\w+/.-]{20,200}={0,2})$/,
    isBearable: ([, iterations]) => isFew(iterations),
    async verify(password, [digest = '', iterations, salt = '', key = '']) {
      const wanted = bytes(key)
      return same(await derive(password, bytes(salt), Number(iterations), wanted.length, digest), wanted)
    },
  },
  {
    // Django's, whose salt is text.
    name: 'pbkdf2',
    form: /^pbkdf2_(sha1|sha256|sha512)\$(\d{1,8})\$([^$\s]{1,200})\$([\w+/]{20,200}={0,2})$/,
    isBearable: ([, iterations]) => isFew(iterations),
    async verify(password, [digest = '', iterations, salt = '', key = '']) {
      const wanted = bytes(key)
      return same(await derive(password, salt, Number(iterations), wanted.length, digest), wanted)
    },
  },
  {
    // RFC 5802 and 7677, in the form in which PostgreSQL keeps it.
    name: 'scram-sha-256',
    form: /^SCRAM-SHA-256\$(\d{1,8}):([\w+/]{4,200}={0,2})\$([\w+/]{43}=):([\w+/]{43}=)$/,
    isBearable: ([iterations]) => isFew(iterations),
    async verify(password, [iterations, salt = '', storedKey = '']) {
      const salted = await derive(password.normalize('NFKC'), bytes(salt), Number(iterations), 32, 'sha256')
      const clientKey = createHmac('sha256', salted).update('Client Key').digest()
      return same(createHash('sha256').update(clientKey).digest(), bytes(storedKey))
    },
  },
]

export const foreignKinds = [...new Set(kinds.map(({ name }) => name))]

/** What is wrong with a hash from elsewhere; undefined where it can be tried at a sign-in. */
export function wrongWithHash(text: string): 'unknown' | 'too_costly' | undefined {
  for (const { form, isBearable } of kinds) {
    const found = form.exec(text)
    if (found) return isBearable(found.slice(1)) ? undefined : 'too_costly'
  }
  return 'unknown'
}

/** The hasher, which tries hashes of other makes as well. */
export function withForeign(own: Hasher): Hasher {
  return {
    hash: own.hash,
    async verify(text, password, asTyped = password) {
      if (text.startsWith('$argon2id$')) return own.verify(text, password)
      for (const { form, verify } of kinds) {
        const found = form.exec(text)
        if (!found) continue
        // Whoever made the hash took the password as it was typed, or normalised it as we do.
        const parts = found.slice(1)
        return (await verify(asTyped, parts, text)) || (asTyped !== password && (await verify(password, parts, text)))
      }
      throw new Error('a stored hash is of no known kind')
    },
  }
}
