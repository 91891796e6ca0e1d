import { readFileSync, writeFileSync } from 'node:fs'
import { contract } from '../contract/index.ts'
import { openapi } from '../server/http/openapi.ts'
import { version } from '../server/version.ts'

// Writes docs/openapi.json from the contract; with --check it fails where the file is out of date.
const file = new URL('openapi.json', import.meta.url)
const derived = `${JSON.stringify(openapi(contract, version), null, 2)}\n`

if (!process.argv.includes('--check')) writeFileSync(file, derived)
else if (readFileSync(file, 'utf8') !== derived) {
  console.error('docs/openapi.json is out of date: run `npm run derive` and commit it.')
  process.exit(1)
}
