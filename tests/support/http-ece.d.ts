/** The encryption that web-push is built on. */
declare module 'http_ece' {
  import type { ECDH } from 'node:crypto'

  interface Parameters {
    version: 'aes128gcm'
    privateKey: ECDH
    authSecret: string
    /** The other's public key, in base64url. */
    dh?: string
    salt?: string
  }
  const ece: {
    encrypt(plain: Buffer, parameters: Parameters): Buffer
    decrypt(body: Buffer, parameters: Parameters): Buffer
  }
  export default ece
}
