// Runs once: no storage takes part.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { TObject } from '@sinclair/typebox'
import { bounds, clientFrames, closeCodes, isFinal, serverFrames } from '../contract/frames.ts'
import { folder } from './harness.ts'
import { assertShown, firstShell, take, walksOf } from './support/walks.ts'

const page = readFileSync(new URL('../docs/realtime.md', import.meta.url), 'utf8')

/** The rows of the table that follows these words, cell by cell. */
function tableAfter(words: string): string[][] {
  const lines = page.slice(page.indexOf(words)).split('\n')
  const start = lines.findIndex(line => line.startsWith('|---'))
  const end = lines.findIndex((line, i) => i > start && !line.startsWith('|'))
  return lines.slice(start + 1, end).map(line =>
    line
      .slice(1, -1)
      .split('|')
      .map(cell => cell.trim()),
  )
}

const described = (frames: Record<string, TObject>) =>
  Object.entries(frames).map(([type, { properties, required = [] }]) => {
    const fields = Object.keys(properties).map(name => `\`${name}\`${required.includes(name) ? '' : '?'}`)
    return [`\`${type}\``, fields.join(', ')]
  })

test('docs/realtime.md describes every frame with its fields, and no other', () => {
  const [sent, received] = ['From client to service:', 'From service to client:'].map(words =>
    tableAfter(words).map(([type, fields]) => [type, fields]),
  )

  assert.deepEqual(sent, described(clientFrames))
  assert.deepEqual(received, described(serverFrames))
})

test('docs/realtime.md explains every close code, and says of the final ones alone not to come back', () => {
  const rows = tableAfter('## Close codes')

  assert.deepEqual(
    rows.map(([code, reason]) => [Number(code), reason]),
    Object.entries(closeCodes).map(([reason, code]) => [code, `\`${reason}\``]),
  )
  for (const [code = '', , advice] of rows) assert.equal(advice?.startsWith('no'), isFinal(Number(code)), code)
})

test('docs/realtime.md gives the bounds as they are', () => {
  const rows = new Map(tableAfter('## Bounds').map(([name = '', value = '']) => [name, value]))

  assert.equal(rows.get('hello'), `${bounds.helloSeconds} s after the socket opened`)
  assert.equal(rows.get('frame'), `${bounds.frameBytes / 1024} KiB`)
  assert.match(rows.get('frames') ?? '', new RegExp(`^${bounds.frames} in ${bounds.frameSeconds} s`))
  assert.equal(rows.get('subscriptions'), `${bounds.subscriptions} users a connection`)
  assert.match(rows.get('a slow reader') ?? '', new RegExp(`${bounds.waitingBytes / 1_048_576} MiB`))
})

test('what docs/realtime.md tells to type works on a first start, and prints what the page shows', async t => {
  const walks = walksOf(page)
  const shell = await firstShell(t, folder(t))

  const printed: string[][] = []
  for (const walk of walks) printed.push(await take(t, walk, shell))

  assert.equal(walks.length, 1)
  for (const [i, walk] of walks.entries()) assertShown(walk, printed[i] ?? [])
})
