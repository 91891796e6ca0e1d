// Parse Server as its makers advise it for production: on PostgreSQL, with a fixed schema and no class made by clients.
import { createServer } from 'node:http'
import { createRequire } from 'node:module'

const [packages, databaseURI] = process.argv.slice(2)
const require = createRequire(`${packages}/package.json`)
const { ParseServer } = require('parse-server')
const express = require('express')

const users = {
  className: '_User',
  fields: { nick: { type: 'String' } },
  classLevelPermissions: {
    create: { '*': true },
    get: { requiresAuthentication: true },
    update: { requiresAuthentication: true },
    delete: { requiresAuthentication: true },
    find: {},
    count: {},
    addField: {},
  },
}

const app = express()
const server = createServer(app).listen(0, '127.0.0.1', async () => {
  const url = `http://127.0.0.1:${server.address().port}`
  const parse = new ParseServer({
    databaseURI,
    appId: 'bench',
    masterKey: 'master',
    serverURL: `${url}/parse`,
    allowClientClassCreation: false,
    logLevel: 'error',
    silent: true,
    logsFolder: null,
    schema: { definitions: [users], lockSchemas: true },
  })
  await parse.start()
  app.use('/parse', parse.app)
  console.log(`Parse Server is ready at ${url}`)
})
