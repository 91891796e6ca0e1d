// Builds the console into console/dist. With --if-stale, as `npm install` does: only where the build tool is there and
// something is newer than what was built; and a build that fails is no reason to fail the installation.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const built = join(root, 'console/dist/index.html')
const isAsked = !process.argv.includes('--if-stale')

if (isAsked || (existsSync(join(root, 'node_modules/vite')) && isStale())) await build()

async function build() {
  try {
    const { build } = await import('vite')
    await build({ configFile: join(root, 'console/vite.config.ts') })
  } catch (error) {
    if (isAsked) throw error
    console.warn(`stonechat: the console could not be built (${error.message}); npm run build:console tries again`)
  }
}

function isStale() {
  if (!existsSync(built)) return true
  const since = statSync(built).mtimeMs
  return ['console', 'client', 'contract', 'package-lock.json'].some(part => newest(join(root, part)) > since)
}

function newest(path) {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(
    0,
    ...readdirSync(path)
      .filter(name => name !== 'dist')
      .map(name => newest(join(path, name))),
  )
}
