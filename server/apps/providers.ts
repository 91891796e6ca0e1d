/** Who delivers pushes for a notifier, and the number that stands for it. `capture` keeps what it is given, for tests. */
export const providers = {
  capture: 0,
  apns: 1,
  huawei: 2,
  xiaomi: 3,
  meizu: 4,
  vivo: 5,
  oppo: 6,
  fcm: 7,
  webpush: 100,
} as const

export type Provider = keyof typeof providers

export const providerWords = Object.keys(providers) as Provider[]

/** The word, or the number itself where it is none of ours. */
export const providerOf = (number: number): string =>
  providerWords.find(word => providers[word] === number) ?? String(number)
