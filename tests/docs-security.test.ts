import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSource } from './support/sources.ts'

const page = readSource('docs/security.md')
const rowsOf = (heading: string) => {
  const [, section = ''] = page.split(`\n## ${heading}`)
  return (section.split('\n## ')[0] as string)
    .split('\n')
    .filter(line => /^\| \d/.test(line))
    .map(line => line.split('|').map(cell => cell.trim()))
}

test('docs/security.md has a test for each of 45 failures of peers, and the test says which it is', () => {
  const rows = rowsOf('Failures of peers')

  const silent = rows.filter(([, number = '', , tests = '']) => {
    const [file = ''] = [...tests.matchAll(/`(tests\/peers\/[^`]+)`/g)].map(([, name]) => name as string)
    return file !== '' && !new RegExp(`^// Rows? (.* )?${number}\\b`, 'm').test(readSource(file))
  })

  assert.deepEqual(
    rows.map(([, number]) => Number(number)),
    Array.from({ length: 45 }, (_, i) => i + 1),
  )
  assert.ok(rows.every(([, , , tests]) => /`tests\/[\w/-]+\.test\.ts`/.test(tests ?? '')))
  assert.deepEqual(silent, [])
})

test('each requirement of ASVS in docs/security.md has a test, an exception, or nothing that it could be about', () => {
  const rows = rowsOf('OWASP ASVS')

  const unproven = rows.filter(
    ([, , how = '', tests = '']) =>
      !/`tests\//.test(tests) && !/xception/.test(how) && tests !== 'none: there is no such code',
  )

  assert.ok(rows.length > 50)
  assert.deepEqual(unproven, [])
})
