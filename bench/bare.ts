// The limit: node:http and nothing else, sending one fixed answer. node bare.ts <JSON of {headers, body}>
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const { headers, body } = JSON.parse(process.argv[2] as string) as { headers: string[]; body: string }

// The options that count for speed or for the bytes sent are those of our server.
const server = createServer({ keepAliveTimeout: 72_000, optimizeEmptyRequests: true }, (_, response) => {
  response.writeHead(200, headers)
  response.end(body)
})
server.listen(0, '127.0.0.1', () => {
  console.log(`bare node:http is ready at http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.on('SIGTERM', () => process.exit())
