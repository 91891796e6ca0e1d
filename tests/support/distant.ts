// A client on another host of a test: connects, and prints each thing that it hears. node distant.ts <url> <app> <token>
import { createClient } from '../../client/index.ts'

const [url, appId, token] = process.argv.slice(2) as [string, string, string]
const socket = createClient({ url, appId, token }).realtime()
for (const name of ['ready', 'closed', 'waiting'] as const)
  socket.on(name, event => console.log(name, JSON.stringify(event)))
socket.connect()
