import assert from 'node:assert/strict'
import { createECDH, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import ece from 'http_ece'
import { encrypted, mostPlain } from '../server/senders/web-push-encryption.ts'
import { browserAt } from './support/vendors/web.ts'

test('what is encrypted here is, byte for byte, what http_ece makes of it, and http_ece reads it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: mostPlain, size: 'max' }), bytes => {
      const plain = Buffer.from(bytes)
      const browser = browserAt('https://updates.push.services.mozilla.com/1')
      const p256dh = browser.keys.getPublicKey()
      const authSecret = browser.auth.toString('base64url')
      const [salt, own] = [randomBytes(16), createECDH('prime256v1')]
      own.generateKeys()

      const body = encrypted({ endpoint: '', p256dh, auth: browser.auth }, plain, salt, own)

      const theirs = ece.encrypt(plain, {
        version: 'aes128gcm',
        privateKey: own,
        authSecret,
        dh: p256dh.toString('base64url'),
        salt: salt.toString('base64url'),
      })
      assert.deepEqual(body, theirs)
      assert.deepEqual(ece.decrypt(body, { version: 'aes128gcm', privateKey: browser.keys, authSecret }), plain)
    }),
  )
})
