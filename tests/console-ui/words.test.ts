// Runs once: it is about what a browser shows.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { words as en } from '../../console/words/en/index.ts'
import { words as zh } from '../../console/words/zh/index.ts'

const keysOf = (words: object, prefix = ''): string[] =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${prefix}${key}`] : keysOf(value, `${prefix}${key}.`),
  )
const wordOf = (words: object, key: string) =>
  key.split('.').reduce<unknown>((value, part) => (value as Record<string, unknown>)[part], words) as string
const holesOf = (text: string) => [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name))].sort()

test('every word of the console is there in both languages, with the same holes', () => {
  const english = keysOf(en).filter(key => !key.endsWith('_one'))

  assert.deepEqual(keysOf(zh), english)
  for (const key of english) {
    assert.notEqual(wordOf(zh, key), '', key)
    assert.deepEqual(holesOf(wordOf(zh, key)), holesOf(wordOf(en, key)), key)
  }
})
