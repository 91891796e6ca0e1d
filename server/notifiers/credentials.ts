import { createECDH, createPrivateKey } from 'node:crypto'
import type { Sentence } from '../../contract/complaints.ts'
import { ApiError } from '../../contract/errors.ts'
import type { Provider } from '../apps/providers.ts'
import type { Outgoing } from './outgoing.ts'

/** Credentials by field, all of them text. */
export type Credentials = Record<string, string>

export interface Checked {
  shown: Credentials
  secret: Credentials
}

/** `optional` may be left out; `secret` is sealed and never shown. `check` says what is wrong with it. */
interface Field {
  optional?: true
  secret?: true
  check?: (text: string, outgoing: Outgoing) => Sentence | undefined
}

const wrong = (en: string, zh: string): Sentence => ({ en, zh })

const matching = (pattern: RegExp, en: string, zh: string): Field => ({
  check: text => (pattern.test(text) ? undefined : wrong(en, zh)),
})

const id = matching(/^[\w.:@-]{1,256}$/, 'must be an id without spaces', '必须是不含空格的标识')
const secret: Field = {
  ...matching(
    /^\S{1,512}$/,
    'must be text without spaces, at most 512 characters',
    '必须是不含空格的文本，最多 512 个字符',
  ),
  secret: true,
}
/** In place of the vendor's own address. */
const endpoint: Field = {
  optional: true,
  check: (text, { origins }) =>
    origins.has(text)
      ? undefined
      : wrong(
          'must be one of the origins that the operator allows with STONECHAT_PUSH_ORIGINS',
          '必须是运营者用 STONECHAT_PUSH_ORIGINS 允许的来源之一',
        ),
}
const packageName = matching(/^[A-Za-z]\w*(\.\w+)+$/, 'must be a package name such as com.example.chat', '必须是包名')
const tenCharacters = matching(/^[A-Z0-9]{10}$/, 'must be 10 capital letters and digits', '必须是 10 个大写字母或数字')

/** What each provider needs, in the order in which people are told. */
const shapes: Record<Provider, Record<string, Field>> = {
  capture: {},
  apns: {
    team_id: tenCharacters,
    key_id: tenCharacters,
    bundle_id: matching(/^[A-Za-z0-9.-]{1,155}$/, 'must be a bundle id such as com.example.chat', '必须是 bundle id'),
    key: { secret: true, check: p8 },
    endpoint,
  },
  fcm: { service_account: { secret: true, check: serviceAccount }, endpoint },
  webpush: {
    subject: { check: subject },
    public_key: {},
    private_key: { secret: true, check: vapidKey },
  },
  huawei: { app_id: id, app_secret: secret, endpoint },
  xiaomi: {
    app_id: { ...id, optional: true },
    app_key: { ...id, optional: true },
    app_secret: secret,
    package_name: packageName,
    endpoint,
  },
  oppo: { app_key: id, app_secret: { ...id, optional: true }, master_secret: secret, endpoint },
  vivo: { app_id: id, app_key: id, app_secret: secret, endpoint },
  meizu: { app_id: id, app_key: { ...id, optional: true }, app_secret: secret, endpoint },
}

/** None of them may be left out. */
export const secretsOf = (provider: Provider) =>
  Object.entries(shapes[provider])
    .filter(([, { secret }]) => secret)
    .map(([name]) => name)

/** Throws `invalid_parameter` that names the first field which is wrong, and says what it must be. */
export function checkCredentials(provider: Provider, given: Record<string, unknown>, outgoing: Outgoing): Checked {
  const shape = shapes[provider]
  const unknown = Object.keys(given).find(name => !Object.hasOwn(shape, name))
  if (unknown !== undefined) refuse(unknown, notOneOf(provider, Object.keys(shape)))
  const values = complete(provider, texts(given))
  const checked: Checked = { shown: {}, secret: {} }
  for (const [name, field] of Object.entries(shape)) {
    const text = values[name]
    if (text === undefined || text === '') {
      if (!field.optional) refuse(name, wrong(`is required for ${provider}`, `是 ${provider} 必填项`))
      continue
    }
    const complaint = field.check?.(text, outgoing)
    if (complaint) refuse(name, complaint)
    checked[field.secret ? 'secret' : 'shown'][name] = text
  }
  if (provider === 'webpush') mustBePair(checked)
  if (provider === 'fcm') checkTokenUri(checked, outgoing)
  return checked
}

function refuse(name: string, why: Sentence): never {
  throw new ApiError('invalid_parameter', {
    en: `credentials.${name} ${why.en}`,
    zh: `credentials.${name} ${why.zh}`,
  })
}

const notOneOf = (provider: string, known: string[]) =>
  wrong(
    known.length === 0
      ? `is not known: ${provider} has no credentials`
      : `is not known: ${provider} has ${known.join(', ')}`,
    `不是 ${provider} 的字段`,
  )

function texts(given: Record<string, unknown>): Credentials {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      // The file that Google gives is an object already; it may come as such.
      if (name === 'service_account' && typeof value === 'object' && value !== null)
        return [name, JSON.stringify(value)]
      return [name, typeof value === 'string' ? value : refuse(name, wrong('must be text', '必须是文本'))]
    }),
  )
}

/** Web Push keys come from nobody: where none are given they are made. */
function complete(provider: Provider, values: Credentials): Credentials {
  if (provider !== 'webpush' || values.private_key || values.public_key) return values
  const pair = createECDH('prime256v1')
  pair.generateKeys()
  // The number may be shorter than the 32 bytes that it is written in.
  const privateKey = Buffer.concat([Buffer.alloc(32), pair.getPrivateKey()]).subarray(-32)
  return { ...values, public_key: pair.getPublicKey('base64url'), private_key: privateKey.toString('base64url') }
}

function p8(text: string): Sentence | undefined {
  const key = privateKeyOf(text)
  if (!key)
    return wrong(
      'must be the text of the .p8 file from Apple, from -----BEGIN to -----END',
      '必须是苹果 .p8 文件的完整内容',
    )
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    return wrong(`must be an EC key on P-256, and is ${key.asymmetricKeyType}`, '必须是 P-256 椭圆曲线密钥')
}

function privateKeyOf(pem: string) {
  try {
    return createPrivateKey(pem)
  } catch {
    // Whatever OpenSSL says of it, it is no key.
    return undefined
  }
}

export interface ServiceAccount {
  project_id: string
  client_email: string
  private_key: string
  token_uri: string
}

const googleTokens = new Set(['https://oauth2.googleapis.com/token', 'https://accounts.google.com/o/oauth2/token'])

function serviceAccount(text: string): Sentence | undefined {
  let account: Partial<Record<string, unknown>> | null
  try {
    account = JSON.parse(text) as typeof account
  } catch {
    return wrong('must be the JSON file of a service account', '必须是服务账号的 JSON 文件内容')
  }
  if (account?.type !== 'service_account')
    return wrong(
      'must be of type service_account: google-services.json is for the app, not for a server',
      '类型必须是 service_account',
    )
  for (const name of ['project_id', 'client_email', 'private_key', 'token_uri'])
    if (typeof account[name] !== 'string' || account[name] === '') return wrong(`lacks ${name}`, `缺少 ${name}`)
  if (!/^[a-z0-9.:-]{4,64}$/.test(account.project_id as string))
    return wrong('has a project_id that is none', 'project_id 无效')
  if (privateKeyOf(account.private_key as string)?.asymmetricKeyType !== 'rsa')
    return wrong('has a private_key that is no RSA key', 'private_key 不是 RSA 密钥')
}

/** An address from an uploaded file is called only where it is Google's, or the operator's. */
function checkTokenUri({ secret }: Checked, { origins }: Outgoing) {
  const { token_uri } = JSON.parse(secret.service_account as string) as ServiceAccount
  if (googleTokens.has(token_uri)) return
  if (!URL.canParse(token_uri) || !origins.has(new URL(token_uri).origin))
    refuse('service_account', wrong('has a token_uri that is not Google’s', 'token_uri 不是谷歌的地址'))
}

/** As strict as the strictest push service: Apple takes neither spaces, brackets nor localhost. */
function subject(text: string): Sentence | undefined {
  if (/^mailto:[^\s<>@]+@[^\s<>@.]+(\.[^\s<>@.]+)+$/.test(text)) return undefined
  if (/^https:\/\//.test(text) && URL.canParse(text) && new URL(text).hostname.includes('.')) return undefined
  return wrong('must be mailto:you@example.com or an https address', '必须是 mailto: 邮箱或 https 地址')
}

function vapidKey(text: string): Sentence | undefined {
  if (!/^[A-Za-z0-9_-]{43}$/.test(text))
    return wrong('must be 32 bytes in base64url', '必须是 base64url 编码的 32 字节')
}

function mustBePair({ shown, secret }: Checked) {
  const pair = createECDH('prime256v1')
  try {
    pair.setPrivateKey(Buffer.from(secret.private_key as string, 'base64url'))
  } catch {
    refuse('private_key', wrong('is no key on P-256', '不是 P-256 密钥'))
  }
  if (pair.getPublicKey('base64url') !== shown.public_key)
    refuse('public_key', wrong('does not belong to the private key', '与 private_key 不匹配'))
}
