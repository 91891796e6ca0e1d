// better-auth on PostgreSQL, as its documentation sets it up; sessions are read from the database at each call, so that
// a revoked one is refused at once, and its limits on guessing are off, as ours are.
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [packages, connectionString] = process.argv.slice(2)
const require = createRequire(`${packages}/package.json`)
const load = name => import(pathToFileURL(require.resolve(name)).href)

const { betterAuth } = await load('better-auth')
const { toNodeHandler } = await load('better-auth/node')
const { getMigrations } = await load('better-auth/db/migration')
const { Pool } = require('pg')

const server = createServer((request, response) => handle(request, response)).listen(0, '127.0.0.1', async () => {
  const baseURL = `http://127.0.0.1:${server.address().port}`
  const options = {
    baseURL,
    secret: 'a secret of more than thirty-two characters',
    database: new Pool({ connectionString, max: 20 }),
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { level: 'error' },
  }
  await (await getMigrations(options)).runMigrations()
  handle = toNodeHandler(betterAuth(options))
  console.log(`better-auth is ready at ${baseURL}`)
})

let handle = (_, response) => response.writeHead(503).end()
