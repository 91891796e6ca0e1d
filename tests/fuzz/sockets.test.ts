/** Bytes that are nearly HTTP, each on a socket of its own. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { testNode } from '../harness.ts'
import { amount } from '../support/amount.ts'
import { bytesFor, readEnvelope } from '../support/http.ts'
import { count } from '../support/outcomes.ts'
import { quickFolder } from '../support/quick-folder.ts'
import { hashQuickly } from '../support/quick-hashing.ts'
import { times } from '../support/races.ts'
import { applied, damaged, rightRequests } from './bytes.ts'
import { Witness } from './witness.ts'

const casesEach = amount(2000, 30_000)
/** In ms: whoever has said nothing for so long has nothing to say. */
const patience = 15

test('whatever bytes arrive, each answer is in the envelope, none is a failure of the server, and refusals change nothing', async t => {
  const lanes = await Promise.all(times(4, () => lane(t)))

  const codes = lanes.flat()
  const shown = [...new Set(codes)].sort().map(code => `${count(codes, code)} × ${code}`)
  t.diagnostic(`${lanes.length * casesEach} damaged requests; answers: ${shown.join(', ')}`)
  for (const code of [200, 400, 404, 10002, 10008, 40000])
    assert.ok(codes.includes(code), `nothing was answered with ${code}`)
})

/** One request after the other, to a node of its own; returns the codes of the answers. */
async function lane(t: TestContext): Promise<number[]> {
  const node = await testNode(t, { data: quickFolder(t) })
  hashQuickly(node, 0)
  const [ann, ben] = [await node.signUp('ann', 'x'), await node.signUp('ben', 'x')]
  const witness = new Witness(t, node)
  const right = rightRequests(node.appId, ann)
  const seen: number[] = []

  const property = fc.asyncProperty(damaged, async ({ which, damages }) => {
    witness.look()

    const codes = codesIn(await bytesFor(node.url, applied(right[which] as string, damages), patience))

    if (codes.length > 0 && !codes.includes(200)) assert.deepEqual(witness.changes(), [], `refused with ${codes}`)
    seen.push(...codes)
    // What was begun and not answered is over when a later write is.
    if (codes.length === 0) await ben.push.setBadge({ badge: 1 })
  })
  await fc.assert(property, { numRuns: casesEach })

  assert.equal((await node.admin.actingFor(ann.id).profiles.getProfile()).username, 'ann')
  return seen
}

test('a right request comes through as it is', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann', 'x')

  for (const request of rightRequests(node.appId, ann).slice(0, -1))
    for (const code of codesIn(await bytesFor(node.url, request, patience))) assert.equal(code, 200, request)
})

/** The codes of all answers in what a socket received, read as HTTP to the last byte. */
function codesIn(received: string): number[] {
  const codes: number[] = []
  let rest = received
  while (rest !== '') {
    const end = rest.indexOf('\r\n\r\n')
    assert.ok(end > 0, `not an answer: ${rest.slice(0, 200)}`)
    const head = rest.slice(0, end)
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1])
    assert.ok(status >= 100 && status < 500, head)
    if (status === 101) return [...codes, status]
    const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0)
    const body = rest.slice(end + 4, end + 4 + length)
    if (/^content-type: application\/json/im.test(head) && body !== '')
      codes.push(readEnvelope(status, Buffer.from(body, 'latin1').toString()).code)
    else if (status !== 100) codes.push(status)
    rest = rest.slice(end + 4 + length)
  }
  return codes
}
