/** One sentence in the two languages of the service. */
export interface Sentence {
  en: string
  zh: string
}

/** Why a parameter was refused. Each sentence names the parameter and the rule, never the value. */
export const complaints = {
  required: (name: string) => ({ en: `${name} is required`, zh: `缺少参数 ${name}` }),
  integer: (name: string) => ({ en: `${name} must be an integer`, zh: `${name} 必须是整数` }),
  range: (name: string, from: number, to: number) => ({
    en: `${name} must be from ${from} to ${to}`,
    zh: `${name} 必须在 ${from} 到 ${to} 之间`,
  }),
  boolean: (name: string) => ({ en: `${name} must be true or false`, zh: `${name} 必须是 true 或 false` }),
  text: (name: string) => ({ en: `${name} must be text`, zh: `${name} 必须是文本` }),
  empty: (name: string) => ({ en: `${name} must not be empty`, zh: `${name} 不能为空` }),
  tooShort: (name: string, least: number) => ({
    en: `${name} must have at least ${least} characters`,
    zh: `${name} 至少 ${least} 个字符`,
  }),
  tooLong: (name: string, most: number) => ({
    en: `${name} must have at most ${most} characters`,
    zh: `${name} 最多 ${most} 个字符`,
  }),
  tooManyBytes: (name: string, most: number) => ({
    en: `${name} must have at most ${most} bytes`,
    zh: `${name} 最多 ${most} 字节`,
  }),
  malformed: (name: string) => ({
    en: `${name} must be well-formed Unicode without control characters other than tab and newline`,
    zh: `${name} 必须是合法的 Unicode 文本，除制表符和换行外不得含控制字符`,
  }),
  list: (name: string) => ({ en: `${name} must be a list`, zh: `${name} 必须是列表` }),
  items: (name: string, least: number, most: number) => ({
    en: `${name} must have from ${least} to ${most} entries`,
    zh: `${name} 必须有 ${least} 到 ${most} 项`,
  }),
  object: (name: string) => ({ en: `${name} must be a JSON object`, zh: `${name} 必须是 JSON 对象` }),
  contradicts: (name: string) => ({
    en: `${name} is given twice, with different values`,
    zh: `${name} 给出了两个不同的值`,
  }),
  tags: (most: number) => ({ en: `tags: a user has at most ${most} of them`, zh: `tags：每个用户最多 ${most} 个标签` }),
  cursor: (name: string) => ({ en: `${name} is not one of ours`, zh: `${name} 不是有效的游标` }),
  zone: (name: string) => ({
    en: `${name} must be an IANA time zone such as Asia/Shanghai or Europe/Berlin, or empty`,
    zh: `${name} 必须是 IANA 时区，例如 Asia/Shanghai、Europe/Berlin，或为空`,
  }),
  policy: (name: string, rule: string) => ({ en: `${name} ${rule}`, zh: `${name} 不符合规则：${rule}` }),
  header: (name: string) => ({
    en: `header ${name} must be an integer from 1 to 9007199254740991`,
    zh: `请求头 ${name} 必须是 1 到 9007199254740991 的整数`,
  }),
  userRequired: () => ({
    en: 'an admin must say in header user_id which user to act for',
    zh: '管理员必须在请求头 user_id 中指明操作的用户',
  }),
  userUnwanted: () => ({
    en: 'header user_id does not belong on an operation on the whole app',
    zh: '针对整个应用的接口不接受请求头 user_id',
  }),
} satisfies Record<string, (...about: never[]) => Sentence>
