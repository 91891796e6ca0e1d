import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { testNode } from '../harness.ts'
import { type Answer, ask, type Raw } from './http.ts'
import { allRows } from './rows.ts'

/** Sends one call and reads the answer. */
export type Send = (raw: Raw) => Promise<Answer>

/** A node, one person, and ways to send exactly what a test says: as the person, and as the admin. */
export async function deskOf(t: TestContext) {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const { sql } = node.node.services
  const sendAs =
    (token: string): Send =>
    raw =>
      ask(node.url, {
        ...raw,
        headers: { ...standing(raw), app_id: node.appId, 'access-token': token, ...raw.headers },
      })
  const send = sendAs(ann.token)

  return {
    node,
    ann,
    send,
    sendAs,
    admin: sendAs(node.adminToken),

    /** Fails unless the call is refused with this code, says so in these words, and has changed nothing. */
    async refused(raw: Raw, code: number, words: string | RegExp, by: Send = send) {
      const before = await allRows(sql)
      const answer = await by(raw)
      assert.equal(answer.code, code, `${answer.text} to ${raw.path} ${raw.body ?? ''}`)
      assert.match(answer.message, typeof words === 'string' ? invalid(words) : words)
      assert.deepEqual(await allRows(sql), before)
      return answer
    },
  }
}

/** What an invalid parameter is answered with: a sentence that names it. */
const invalid = (name: string) => new RegExp(`^invalid request parameter: ${name.replace(/[[\].]/g, '\\$&')}(?!\\w)`)

const standing = ({ body }: Raw): Record<string, string> =>
  body === undefined ? {} : { 'content-type': 'application/json' }

export const json = (value: unknown) => JSON.stringify(value)
