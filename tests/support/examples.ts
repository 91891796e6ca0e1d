import type { contract } from '../../contract/index.ts'
import type { Operation, Sent } from '../../contract/operation.ts'
import type { Route } from './routes.ts'
import type { Staff } from './staff.ts'

/** Whom a call acts for, as far as right input has to name it. */
export interface Subject {
  id: number
  name: string
  password: string
  /** A device that the user has and that no caller of the test is signed in on. */
  spare: number
  /** Who is in charge, where operations of operators and the console are called. */
  staff?: Staff
}

type Example<O extends Operation> = (subject: Subject) => Sent<O>

/** Right input for every operation of the contract; one without is a type error. */
type Examples = {
  [Domain in keyof typeof contract]: {
    [Name in keyof (typeof contract)[Domain]]: (typeof contract)[Domain][Name] extends infer O extends Operation
      ? Example<O>
      : never
  }
}

/** The ids of the first push task, the first job and the first webhook of an app. */
const firstTask = 1001
const firstJob = 1001
const firstWebhook = 1001

let names = 0
/** A username that nobody has. */
export const freshName = () => `somebody_${++names}`

const credentials = () => ({ username: freshName(), password: 'a first password' })

const examples: Examples = {
  tokens: {
    signInByName: ({ name, password }) => ({ name, password, device_guid: 'phone', platform: 1 }),
    signInById: ({ id, password }) => ({ user_id: id, password }),
    introspect: () => ({ token: 'ut_of_nobody' }),
    signInByLogin: ({ name, password }) => ({ login_name: name, password }),
  },
  accounts: {
    register: credentials,
    registerBatch: () => ({ list: [credentials()] }),
    registerPush: () => ({ ...credentials(), alias: freshName(), device_guid: 'phone', push_token: freshName() }),
    changePassword: ({ password }) => ({ old_password: password, new_password: password }),
    changePasswordAdmin: ({ password }) => ({ password }),
    deleteUser: ({ password }) => ({ password }),
    disable: ({ id }) => ({ list: [id] }),
    enable: ({ id }) => ({ list: [id] }),
    listUsers: () => ({ page_num: 1, page_size: 2 }),
    setMobile: ({ id }) => ({ mobile: `+49${String(id).padStart(9, '0')}` }),
    setUsername: () => ({ username: freshName() }),
  },
  profiles: {
    getProfile: () => ({}),
    setProfile: () => ({ description: 'a person', nick_name: 'Ann', private_info: 'mine', public_info: "everybody's" }),
    setProfileBatch: ({ id }) => ({ list: [{ user_id: id, nick_name: 'Ann' }] }),
    setNickname: () => ({ nick_name: 'Ann' }),
    setAvatar: () => ({ avatar: 'https://example.com/ann.png' }),
    setAvatarBatch: ({ id }) => ({ list: [{ user_id: id, avatar: 'https://example.com/ann.png' }] }),
    setPrivateInfo: () => ({ text: 'mine' }),
    setPublicInfo: () => ({ text: "everybody's" }),
  },
  settings: {
    getSettings: () => ({}),
    setSettings: ({ id }) => ({ user_id: id, auth_mode: 2, no_push: true, silence_end_time: 6 }),
    setAuthMode: () => ({ value: 1 }),
    setAutoDownload: () => ({ value: true }),
    setNoSounds: () => ({ value: true }),
    setVibratory: () => ({ value: true }),
    setNoPush: () => ({ value: true }),
    setNoPushDetail: () => ({ value: true }),
    setQuietHours: () => ({ no_push_start_hour: 22, no_push_end_hour: 7 }),
    setPushNickname: () => ({ value: 'Ann' }),
  },
  devices: {
    listDevices: () => ({}),
    removeDevice: ({ spare }) => ({ device_sn: spare }),
    kick: ({ spare }) => ({ device_sn: spare }),
    bindDeviceToken: ({ spare }) => ({ device_sn: spare, device_token: freshName(), notifier_name: 'capture' }),
    unbindDeviceToken: ({ spare }) => ({ deviceSn: spare }),
  },
  presence: {
    getOnlineStatus: () => ({}),
    presenceBatch: ({ id }) => ({ list: [id] }),
  },
  push: {
    setAlias: ({ id }) => ({ alias: `alias of ${id}` }),
    setBadge: () => ({ badge: 3 }),
    listTags: () => ({}),
    addTags: () => ({ tags: ['red', 'blue'] }),
    removeTags: () => ({ tags: ['blue', 'never added'] }),
    clearTags: () => ({}),
  },
  notifiers: {
    createNotifier: () => ({
      name: freshName(),
      provider: 'webpush',
      credentials: { subject: 'mailto:ann@example.com' },
    }),
    changeNotifier: () => ({ name: 'capture', environment: 1, disabled: false }),
    listNotifiers: () => ({}),
    getCertificate: () => ({ provider: 0, environment: 1 }),
  },
  audit: {
    listAudit: ({ id }) => ({ about_user: id, from: 0, page_size: 2 }),
    verifyAudit: () => ({ after: 0 }),
    listOperatorAudit: () => ({ from: 0, page_size: 2 }),
    verifyOperatorAudit: () => ({ after: 0 }),
  },
  users: {
    searchUsers: ({ name }) => ({ q: name, field: 'username', page_size: 2 }),
    countUsers: ({ name }) => ({ q: name }),
    showUser: () => ({}),
  },
  rights: { exportUser: () => ({}), purgeUser: () => ({}) },
  overview: { getOverview: () => ({}), liveEvents: () => ({}) },
  webhooks: {
    createWebhook: () => ({ url: 'https://example.com/hook', events: ['user.banned'] }),
    changeWebhook: () => ({ webhook_id: firstWebhook, description: 'of the shop', disabled: true }),
    removeWebhook: () => ({ webhook_id: firstWebhook + 1_000_000 }),
    rotateWebhook: () => ({ webhook_id: firstWebhook }),
    testWebhook: () => ({ webhook_id: firstWebhook }),
    listWebhooks: () => ({}),
    listWebhookEvents: () => ({ webhook_id: firstWebhook }),
    replayWebhookEvent: () => ({ webhook_id: firstWebhook, since: 0 }),
  },
  jobs: {
    startJob: ({ id }) => ({ act: 'export', user_ids: [id] }),
    getJob: () => ({ job_id: firstJob }),
    listJobs: () => ({}),
    jobRows: () => ({ job_id: firstJob }),
    jobExport: () => ({ job_id: firstJob }),
    cancelJob: () => ({ job_id: firstJob }),
  },
  apps: {
    listApps: () => ({ page_size: 2 }),
    createApp: () => ({ name: 'another', registration: 'closed', origins: ['https://chat.example.com'] }),
    showApp: () => ({}),
    setApp: () => ({ device_cap: 11, push_signature: false }),
    rotateAppSecret: () => ({}),
  },
  credentials: {
    createAdminToken: () => ({ name: freshName(), days: 7 }),
    listAdminTokens: () => ({ page_size: 2 }),
    revokeAdminToken: ({ staff }) => ({ token_id: staff?.spareAdmin ?? 'none' }),
    createOperatorToken: () => ({ name: freshName() }),
    listOperatorTokens: () => ({ page_size: 2 }),
    revokeOperatorToken: ({ staff }) => ({ token_id: staff?.spareOperator ?? 'none' }),
  },
  console: {
    signInToConsole: ({ staff }) => ({ token: staff?.operatorToken ?? 'none' }),
    showConsoleSession: () => ({}),
    confirmConsoleSession: ({ staff }) => ({ token: staff?.operatorToken ?? 'none' }),
    signOutOfConsole: () => ({}),
    listConsoleSessions: () => ({}),
    endConsoleSession: () => ({ session_id: 'none' }),
  },
  system: { showSystem: () => ({}) },
  delivery: {
    notify: ({ id }) => ({ audience: { user_id: [id] }, message: { title: 'Hello', badge: '+1', ext: { room: 7 } } }),
    pushMessage: ({ id }) => ({ from: id, to: [id], message: { body: 'Hello' } }),
    confirmPush: () => ({ task_id: firstTask }),
    taskDetail: () => ({ list: [firstTask] }),
    taskProgress: () => ({ task_id: firstTask }),
    pauseTask: () => ({ task_id: firstTask }),
    resumeTask: () => ({ task_id: firstTask }),
    cancelTask: () => ({ task_id: firstTask }),
    listCaptures: () => ({}),
  },
  insight: {
    explainPush: ({ id }) => ({ user_id: id, message: { title: 'Hello' }, setting: { ospush_sequence: ['fcm'] } }),
    testPush: ({ id, spare }) => ({ user_id: id, device_sn: spare }),
    previewAudience: () => ({ audience: 'all' }),
    listTasks: () => ({ page_size: 1 }),
    taskContent: () => ({ task_id: firstTask }),
  },
}

type Values = Record<string, unknown>

/** Right input for a call of the route that acts for the subject. */
export function exampleOf({ domain, name }: Pick<Route, 'domain' | 'name'>, subject: Subject): Values {
  const group = examples[domain] as Record<string, (subject: Subject) => Values>
  const example = group[name]
  if (!example) throw new Error(`${domain}.${name} has no example`)
  return example(subject)
}
