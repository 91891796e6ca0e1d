import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClient } from '../client/index.ts'
import { failures } from '../contract/errors.ts'
import { testNode } from './harness.ts'
import { deskOf, json } from './support/desk.ts'

const english = 'This call needs an access-token'
const chinese = '缺少 access-token'

test('failures are explained in Chinese where that is preferred, else in English', async t => {
  const { sendAs } = await deskOf(t)
  const send = sendAs('')
  const preferences: [header: string | undefined, sentence: string][] = [
    [undefined, english],
    ['', english],
    ['en', english],
    ['fr', english],
    ['fr,zh;q=0.9', chinese],
    ['fr,en;q=0.8,zh;q=0.7', english],
    ['*', english],
    ['zh', chinese],
    ['zh-CN', chinese],
    ['ZH-Hant-TW', chinese],
    ['zh-CN,zh;q=0.9,en;q=0.8', chinese],
    ['en-US,en;q=0.9,zh;q=0.8', english],
    ['en;q=0.5,zh;q=0.9', chinese],
    ['en;q=0.5, zh ; Q=0.9', chinese],
    ['zh;q=0.4,en;q=0.6', english],
    ['en,zh', english],
    ['zh,en', chinese],
    ['zh;q=0', english],
    ['zh;q=nonsense', english],
  ]

  for (const [header, sentence] of preferences) {
    const headers: Record<string, string> = header === undefined ? {} : { 'accept-language': header }
    const { message } = await send({ path: '/user/profile', headers })
    assert.equal(message, sentence, `for ${header}`)
  }
})

test('a refused parameter is named in both languages', async t => {
  const { send } = await deskOf(t)
  const call = { method: 'PUT', path: '/user/authmode?value=9' }

  const inEnglish = await send(call)
  const inChinese = await send({ ...call, headers: { 'accept-language': 'zh-CN' } })

  assert.equal(inEnglish.message, 'invalid request parameter: value must be from 0 to 3')
  assert.equal(inChinese.message, 'invalid request parameter：value 必须在 0 到 3 之间')
})

test('an item of a batch is refused in the language of the call', async t => {
  const { admin } = await deskOf(t)
  const body = json({ list: [{ user_id: 999, nick_name: 'nobody' }] })
  const call = { method: 'PUT', path: '/user/profile/batch', body }

  const { data } = await admin({ ...call, headers: { 'accept-language': 'zh' } })

  assert.deepEqual(data, [{ user_id: 999, success: false, reason: '用户不存在' }])
})

test('what HTTP itself refuses is explained in both languages too', async t => {
  const { send } = await deskOf(t)
  const headers = { 'accept-language': 'zh' }

  const lost = await send({ path: '/nope', headers })
  const wrong = await send({ method: 'PATCH', path: '/user/profile', headers })
  const undecoded = await send({ path: '/%zz', headers })

  assert.deepEqual([lost.message, wrong.message, undecoded.message], ['接口不存在', '接口不支持此方法', '无法读取请求'])
})

test('the client asks for the language that it is told', async t => {
  const node = await testNode(t)
  const client = createClient({ url: node.url, appId: node.appId, language: 'zh' })

  await assert.rejects(client.profiles.getProfile(), { message: chinese, code: 10003 })
})

test('every failure has a sentence in each language, and existing clients find the words they look for', () => {
  for (const [name, [, , en, zh]] of Object.entries(failures)) {
    assert.match(en, /^[A-Za-z]/, name)
    assert.match(zh, /[\u4e00-\u9fff]|^invalid request parameter$/, name)
  }
  for (const name of ['session_over', 'login_failed', 'user_disabled'] as const)
    for (const sentence of failures[name].slice(2)) assert.match(String(sentence), /^Operation rejected/)
  for (const sentence of failures.invalid_parameter.slice(2))
    assert.match(String(sentence), /^invalid request parameter/)
})
