import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deskOf, json } from './support/desk.ts'

const places = [
  { path: '/user/private', field: 'private_info' },
  { path: '/user/public', field: 'public_info' },
] as const

for (const { path, field } of places) {
  test(`${path} stores the text of its body, and the value of a JSON string`, async t => {
    const { ann, send } = await deskOf(t)
    const stored = async (body: string | Buffer | undefined, type?: string, method = 'PUT') => {
      const headers = type === undefined ? {} : { headers: { 'content-type': type } }
      const { code } = await send({ method, path, ...(body !== undefined && { body }), ...headers })
      assert.equal(code, 200)
      return (await ann.profiles.getProfile())[field]
    }

    assert.equal(await stored('plain words'), 'plain words')
    assert.equal(await stored('"a \\"literal\\" \\u4e2d\\n"', 'application/json', 'POST'), 'a "literal" 中\n')
    assert.equal(await stored(' "with blanks around" \n'), 'with blanks around')
    assert.equal(await stored('{"color": "red",  "n": 1e3}'), '{"color": "red",  "n": 1e3}')
    assert.equal(await stored('[1, 2]'), '[1, 2]')
    assert.equal(await stored('5'), '5')
    assert.equal(await stored('null'), 'null')
    assert.equal(await stored('"one" and "two"'), '"one" and "two"')
    assert.equal(await stored('"not closed'), '"not closed')
    assert.equal(await stored('{"not": json'), '{"not": json')
    assert.equal(await stored('  blanks stay  '), '  blanks stay  ')
    assert.equal(await stored('plain text', 'text/plain'), 'plain text')
    assert.equal(await stored('"a literal"', 'text/plain; charset=utf-8'), 'a literal')
    assert.equal(await stored(Buffer.from('张三 👋'), 'text/plain'), '张三 👋')
    assert.equal(await stored('{'.repeat(40)), '{'.repeat(40))
  })

  test(`${path} is emptied by an empty body, in each of its forms`, async t => {
    const { ann, send } = await deskOf(t)

    for (const form of [{ body: '' }, { body: '""' }, {}, { headers: { 'content-type': 'application/json' } }]) {
      await ann.profiles.setProfile({ [field]: 'something' })
      assert.equal((await send({ method: 'PUT', path, ...form })).code, 200)
      assert.equal((await ann.profiles.getProfile())[field], '')
    }
  })

  test(`${path} takes 16 KiB, counted in bytes of the text that is stored, and no more`, async t => {
    const { ann, send, refused } = await deskOf(t)
    const most = `${'中'.repeat(5461)}a`

    assert.equal((await send({ method: 'PUT', path, body: most })).code, 200)
    assert.equal((await send({ method: 'PUT', path, body: json(most) })).code, 200)
    assert.equal((await send({ method: 'PUT', path, body: json('"'.repeat(16_384)) })).code, 200)
    await refused({ method: 'PUT', path, body: `${most}a` }, 10002, 'body')
    await refused({ method: 'PUT', path, body: json(`${most}a`) }, 10002, 'body')

    assert.equal((await ann.profiles.getProfile())[field], '"'.repeat(16_384))
  })
}
