// The limit for sockets: ws and nothing else. It answers a hello, and closes one socket at each POST /user/kick.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { closeCodes } from '../../contract/frames.ts'

const sockets = new Map<string, WebSocket>()
const server = createServer((request, response) => {
  const user = String(request.headers.user_id)
  sockets.get(user)?.close(closeCodes.kicked)
  sockets.delete(user)
  response.end('{"code":200,"data":true}')
})
const gate = new WebSocketServer({ noServer: true, perMessageDeflate: false, clientTracking: false })

server.on('upgrade', (request, socket, head) => {
  gate.handleUpgrade(request, socket, head, webSocket => {
    webSocket.on('message', data => {
      const { access_token } = JSON.parse(String(data)) as { access_token: string }
      sockets.set(access_token, webSocket)
      webSocket.send('{"type":"ready","user_id":100000,"device_sn":1,"heartbeat_seconds":30}')
    })
  })
})
server.listen(0, '127.0.0.1', () => {
  console.log(`bare ws is ready at http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.on('SIGTERM', () => process.exit())
