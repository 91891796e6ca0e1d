import { createSecureServer, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { certificate, privateKey } from '../../tests/support/vendors/certificate.ts'

/** Apple's side and nothing more: takes every push, or, where it is to be silent, answers none. */
const isSilent = process.argv[2] === 'silent'

const server = createSecureServer({ key: privateKey, cert: certificate, settings: { maxConcurrentStreams: 1000 } })
server.on('stream', (stream: ServerHttp2Stream) => {
  stream.on('error', () => {})
  stream.resume()
  if (isSilent) return
  stream.on('end', () => {
    stream.respond({ ':status': 200 })
    stream.end()
  })
})
server.listen(0, '127.0.0.1', () =>
  console.log(`Apple is ready at http://127.0.0.1:${(server.address() as AddressInfo).port}`),
)
