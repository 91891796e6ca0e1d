#!/usr/bin/env node
// Runs the command line on a Node that can: this one, or the one that npm installed with the project.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { keepCompiled } from './compiled.mjs'

const [major, minor] = process.versions.node.split('.').map(Number)

if (major > 24 || (major === 24 && minor >= 13)) await run()
else runOnPinned()

async function run() {
  keepCompiled()
  await import('../server/cli.ts')
}

function runOnPinned() {
  const node = pinnedNode()
  if (!node) {
    console.error(`stonechat needs Node 24.13 or later, and this is ${process.versions.node}.`)
    console.error('`npm install` brings the right one; if it did not run install scripts, run `npm rebuild node`.')
    process.exit(1)
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
}

function pinnedNode() {
  try {
    const node = fileURLToPath(
      new URL('bin/node', `file://${createRequire(import.meta.url).resolve('node/package.json')}`),
    )
    return existsSync(node) ? node : undefined
  } catch {
    // Not installed: the caller says what to do.
    return undefined
  }
}
