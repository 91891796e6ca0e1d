import type { Sentence } from './complaints.ts'

/**
 * Every way a call can fail: code, HTTP status, and a sentence in both languages.
 * The codes are promises to clients in the field: add lines, never renumber them. `Operation rejected` and
 * `invalid request parameter` stand in both languages, because existing clients look for them.
 */
export const failures = {
  session_over: [
    402,
    200,
    'Operation rejected: the session is over, sign in again',
    'Operation rejected：登录已失效，请重新登录',
  ],
  login_failed: [402, 200, 'Operation rejected: wrong name or password', 'Operation rejected：用户名或密码错误'],
  user_not_found: [10000, 200, 'There is no such user', '用户不存在'],
  invalid_parameter: [10002, 200, 'invalid request parameter', 'invalid request parameter'],
  token_required: [10003, 200, 'This call needs an access-token', '缺少 access-token'],
  user_exists: [10004, 200, 'The username is taken', '用户名已存在'],
  token_invalid: [10008, 200, 'The access-token is not one of this app', 'access-token 无效'],
  not_allowed: [10010, 200, 'This caller may not do this', '没有权限执行此操作'],
  user_deleted: [10021, 200, 'The user was deleted', '用户已注销'],
  too_many_tries: [10028, 429, 'Too many tries, wait a moment', '尝试次数过多，请稍后再试'],
  wrong_password: [11001, 200, 'The password is wrong', '密码错误'],
  username_taken: [11011, 200, 'The username is taken', '用户名已被占用'],
  mobile_bound: [11012, 200, 'The mobile number belongs to another user', '手机号已被其他用户绑定'],
  image_of_other_type: [12002, 200, 'The image is neither JPEG nor PNG', '图片不是 JPEG 或 PNG 格式'],
  image_too_large: [12003, 200, 'The image has 1 MB or more', '图片不得达到或超过 1 MB'],
  image_unreachable: [12004, 200, 'The image cannot be fetched', '图片无法访问'],
  audience_too_long: [12005, 200, 'The audience has more than 500 entries', '推送目标超过 500 个'],
  push_disabled: [12006, 200, 'Push is switched off for this app', '应用未开通推送'],
  user_disabled: [13001, 200, 'Operation rejected: the user is banned', 'Operation rejected：用户已被封禁'],
  device_not_found: [13002, 200, 'The user has no such device', '设备不存在'],
  too_many_devices: [
    13003,
    200,
    'All devices of the user are connected, and there is room for no other',
    '设备数量已达上限',
  ],
  alias_taken: [13004, 200, 'The alias belongs to another user', '别名已被其他用户使用'],
  push_token_foreign: [13005, 200, 'The push token belongs to another user', 'push token 属于其他用户'],
  notifier_not_found: [13006, 200, 'The app has no notifier of this name', '推送证书不存在'],
  signature_invalid: [13007, 200, 'The signature is missing or wrong', '签名缺失或错误'],
  job_not_found: [13008, 200, 'There is no such job', '任务不存在'],
  webhook_not_found: [13009, 200, 'There is no such webhook', 'webhook 不存在'],
  confirmation_required: [13020, 200, 'Type your token again to go on', '请再次输入 token 以继续'],
  token_not_found: [13021, 200, 'There is no such token that is still good', '没有该有效的 token'],
  app_not_found: [40000, 200, 'There is no such app: check header app_id', '应用不存在，请检查请求头 app_id'],
  registration_closed: [40001, 200, 'Registration is closed in this app', '应用未开放注册'],
  user_limit_reached: [40002, 200, 'The app has as many users as it may have', '应用用户数已达上限'],
  app_not_available: [40003, 200, 'The app is frozen', '应用已冻结'],
  bad_request: [400, 400, 'The request cannot be read', '无法读取请求'],
  no_route: [404, 404, 'There is no such route', '接口不存在'],
  wrong_method: [405, 405, 'The route does not take this method', '接口不支持此方法'],
  timed_out: [408, 408, 'The request took too long to arrive', '请求超时'],
  body_too_large: [413, 413, 'The body is too large', '请求体过大'],
  wrong_media_type: [415, 415, 'The body must be application/json', '请求体必须是 application/json'],
  headers_too_large: [431, 431, 'The headers are too large', '请求头过大'],
  internal: [500, 500, 'The server failed', '服务器内部错误'],
  overloaded: [503, 503, 'The server is busy, try again in a moment', '服务器繁忙，请稍后再试'],
} as const satisfies Record<string, readonly [code: number, status: number, en: string, zh: string]>

export type Failure = keyof typeof failures

/** A refusal with its name. `detail` says more; `retryAfter` is in seconds. */
export class ApiError extends Error {
  readonly failure: Failure
  readonly code: number
  readonly status: number
  readonly detail: Sentence | undefined
  readonly retryAfter: number | undefined

  constructor(failure: Failure, detail?: Sentence, retryAfter?: number) {
    super(failures[failure][2] + (detail ? `: ${detail.en}` : ''))
    this.name = 'ApiError'
    this.failure = failure
    this.code = failures[failure][0]
    this.status = failures[failure][1]
    this.detail = detail
    this.retryAfter = retryAfter
  }
}

/** The sentence that a client reads. */
export function sentence({ failure, detail }: ApiError, language: 'en' | 'zh'): string {
  const [, , en, zh] = failures[failure]
  const head = language === 'zh' ? zh : en
  if (!detail) return head
  return language === 'zh' ? `${head}：${detail.zh}` : `${head}: ${detail.en}`
}

export const fail = (failure: Failure, detail?: Sentence, retryAfter?: number): never => {
  throw new ApiError(failure, detail, retryAfter)
}
