/** Bytes that are nearly HTTP: right requests, and what is done to them on the way. */
import fc from 'fast-check'
import type { Person } from '../harness.ts'

const crlf = '\r\n'

/** Right requests of every shape; the last of each line is the body. */
export function rightRequests(appId: string, { token, name, password }: Person): string[] {
  const request = (line: string, headers: string[], body = '') =>
    [line, 'Host: x', `app_id: ${appId}`, `access-token: ${token}`, ...headers, '', body].join(crlf)
  const json = (line: string, body: string, ...more: string[]) =>
    request(line, ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`, ...more], body)
  const chunks = (...parts: string[]) =>
    [...parts, ''].map(part => `${Buffer.byteLength(part).toString(16)}${crlf}${part}${crlf}`).join('')
  const websocket = [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${'x'.repeat(22)}==`,
  ]
  return [
    request('GET /user/profile HTTP/1.1', []),
    request('GET /user/settings HTTP/1.0', []),
    request('PUT /user/nickname?nick_name=Ann HTTP/1.1', []),
    request('DELETE /user/push/tag/all HTTP/1.1', ['Expect: 100-continue']),
    json('PUT /user/profile HTTP/1.1', '{"nick_name":"Änn","public_info":"\\ud83d\\ude00"}'),
    json('POST /user/push/tag HTTP/1.1', '{"tags":["red","blue"]}'),
    json('POST /token/user HTTP/1.1', JSON.stringify({ name, password, device_guid: 'phone' })),
    json('PUT /user/settings HTTP/1.1', '{"user_id":1001,"no_push_start_hour":22}', 'Connection: close'),
    request('PUT /user/private HTTP/1.1', ['Content-Type: text/plain', 'Content-Length: 4'], 'mine'),
    request(
      'POST /user/avatar HTTP/1.1',
      ['Content-Type: application/json', 'Transfer-Encoding: chunked'],
      chunks('{"avatar"', ':"a"}'),
    ),
    request('GET /user/push/tag HTTP/1.1', []) + request('GET /user/device/list HTTP/1.1', []),
    request('GET /realtime HTTP/1.1', websocket, '\x81\x82\0\0\0\0{}'),
  ]
}

/** One thing that happens to a request: at `at` of its length, `size` bytes give way to `bytes`. */
export interface Damage {
  at: number
  size: number
  bytes: Buffer
}

const fragments = [
  [
    '\0',
    '\r',
    '\n',
    crlf,
    crlf + crlf,
    ' ',
    '\t',
    ':',
    ': ',
    '%',
    '%00',
    '?',
    '/',
    '//',
    '/../',
    '\x80',
    '\xff\xfe',
    '\xed\xa0\x80',
  ],
  [
    'Content-Length: 5\r\n',
    'Content-Length: 0\r\n',
    'Content-Length: -1\r\n',
    'Content-Length: 99999999999999999999\r\n',
  ],
  [
    'content-length: 5, 5\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Transfer-Encoding: chunked, identity\r\n',
    'Transfer-Encoding:\r\n',
  ],
  [
    'app_id: other\r\n',
    'access-token: ut_x\r\n',
    'user_id: 1\r\n',
    'user_id: 9007199254740993\r\n',
    'Connection: close\r\n',
  ],
  [
    'Upgrade: h2c\r\n',
    'Expect: 100-continue\r\n',
    'Content-Encoding: gzip\r\n',
    'Content-Type: application/json; charset=utf-16\r\n',
  ],
  [' folded\r\n', 'X: \x01\r\n', '"', '{', '[', '\\u0000', '\\ud800', '1e999', '"nick_name":1,', `${'['.repeat(5000)}`],
  [
    'x'.repeat(17_000),
    'GET / HTTP/1.1\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '0\r\n\r\n',
    'ffffffffffffffff\r\n',
    '-1\r\n',
  ],
].flat()

const anyDamage: fc.Arbitrary<Damage> = fc.record({
  at: fc.noBias(fc.nat(999)).map(thousandths => thousandths / 1000),
  size: fc.constantFrom(0, 0, 0, 0, 1, 1, 2, 10, 100_000),
  bytes: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...fragments).map(text => Buffer.from(text, 'latin1')) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 8 }).map(bytes => Buffer.from(bytes)) },
  ),
})

/** Which of the right requests, and one or two things that happen to it. */
export const damaged = fc.record({
  which: fc.nat(11),
  damages: fc.oneof(fc.tuple(anyDamage), fc.tuple(anyDamage, anyDamage)),
})

/** The request as it arrives. New lines of headers go where lines begin. */
export function applied(request: string, damages: Damage[]): Buffer {
  return damages.reduce((bytes, { at, size, bytes: added }) => {
    const place = startOfLine(bytes, Math.floor(at * bytes.length), added)
    return Buffer.concat([bytes.subarray(0, place), added, bytes.subarray(place + size)])
  }, Buffer.from(request))
}

const startOfLine = (bytes: Buffer, place: number, added: Buffer) =>
  added.length > 4 && added.toString('latin1').endsWith(crlf) ? bytes.lastIndexOf(crlf, place) + 2 : place
