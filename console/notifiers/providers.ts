/** What each provider's credentials consist of; secrets are written and never shown. */
interface Field {
  name: string
  isSecret?: true
  isOptional?: true
  /** A whole file. */
  isLong?: true
}

const endpoint: Field = { name: 'endpoint', isOptional: true }

export const providers: Record<string, Field[]> = {
  capture: [],
  apns: [
    { name: 'team_id' },
    { name: 'key_id' },
    { name: 'bundle_id' },
    { name: 'key', isSecret: true, isLong: true },
    endpoint,
  ],
  fcm: [{ name: 'service_account', isSecret: true, isLong: true }, endpoint],
  webpush: [
    { name: 'subject' },
    { name: 'public_key', isOptional: true },
    { name: 'private_key', isSecret: true, isOptional: true },
  ],
  huawei: [{ name: 'app_id' }, { name: 'app_secret', isSecret: true }, endpoint],
  xiaomi: [
    { name: 'package_name' },
    { name: 'app_secret', isSecret: true },
    { name: 'app_id', isOptional: true },
    { name: 'app_key', isOptional: true },
    endpoint,
  ],
  oppo: [
    { name: 'app_key' },
    { name: 'master_secret', isSecret: true },
    { name: 'app_secret', isOptional: true },
    endpoint,
  ],
  vivo: [{ name: 'app_id' }, { name: 'app_key' }, { name: 'app_secret', isSecret: true }, endpoint],
  meizu: [{ name: 'app_id' }, { name: 'app_secret', isSecret: true }, { name: 'app_key', isOptional: true }, endpoint],
}

/** Those that were filled in: what is empty stays as it is. */
export const given = (credentials: Record<string, string>) =>
  Object.fromEntries(Object.entries(credentials).filter(([, value]) => value.trim() !== ''))
