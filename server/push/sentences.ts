import type { effects } from '../../contract/insight.ts'
import type { OutcomeWord } from './outcomes.ts'

/** What holds beside the outcomes that are final. */
export type ReasonCode =
  | OutcomeWord
  | 'received'
  | 'silent'
  | 'details_hidden'
  | 'online'
  | 'notifier_parked'
  | 'retry'
  | 'being_sent'
  | 'queued'
  | 'not_yet'
  | 'paused'
  | 'expanding'
  | 'not_in_audience'
  | 'app_frozen'
  | 'push_disabled'

export interface Reason {
  code: ReasonCode
  effect: (typeof effects)[number]
  en: string
  zh: string
  detail: string
  at: number
  until: number
}

type Sentences = [effect: Reason['effect'], en: string, zh: string]

/** `*` stands for the detail. */
const sentences: Record<ReasonCode, Sentences> = {
  sent: ['informs', 'The vendor has taken it', '推送厂商已接收'],
  acknowledged: ['informs', 'The device has confirmed it on its connection', '设备已通过长连接确认收到'],
  received: ['informs', 'The device has confirmed that it arrived', '设备已确认收到'],
  online: [
    'informs',
    'The device is connected: it is told there first, and by the vendor where it does not confirm within 5 s',
    '设备在线：先走长连接，5 秒内未确认再走厂商通道',
  ],
  silent: [
    'changes',
    'Without sound or vibration: the user’s silence hours, or its setting (*)',
    '静音推送：用户的静音时段或设置（*）',
  ],
  details_hidden: [
    'changes',
    'The user hides details: it is shown a general sentence only',
    '用户隐藏了推送详情：只显示通用提示',
  ],
  banned: ['stops', 'The user is banned', '用户已被封禁'],
  deleted: ['stops', 'The user was deleted', '用户已注销'],
  device_removed: ['stops', 'The user has no such device any more', '设备已被移除'],
  no_push: ['stops', 'The user has switched pushes off', '用户已关闭推送'],
  quiet_hours: ['stops', 'The user’s quiet hours: its local time is *', '处于用户的免打扰时段：当地时间 *'],
  no_binding: ['stops', 'The device has no device token under a notifier that can be used', '设备未绑定可用的设备令牌'],
  dead_token: ['stops', 'The device token is dead: the vendor said *', '设备令牌已失效：厂商返回 *'],
  notifier_disabled: ['stops', 'The notifier * is disabled', '推送证书 * 已停用'],
  offline: [
    'stops',
    'The device is not connected, and the push was for connections alone',
    '设备不在线，且该推送只走长连接',
  ],
  not_acknowledged: [
    'stops',
    'The device did not confirm it on its connection, and has no other way',
    '设备未在长连接上确认，且没有其他通道',
  ],
  refused: ['stops', 'The vendor refused it: *', '厂商拒绝了该推送：*'],
  gave_up: ['stops', 'It was tried as often as it may be; at last: *', '多次重试后放弃，最后的原因：*'],
  expired: ['stops', 'Its time was over before it could be sent', '发送前已过期'],
  cancelled: ['stops', 'The task was cancelled', '任务已取消'],
  not_in_audience: ['stops', 'The task is not meant for this device', '该设备不在任务的推送目标中'],
  push_disabled: ['stops', 'Push is switched off for the app', '应用未开通推送'],
  notifier_parked: [
    'delays',
    'Nothing is tried under the notifier for a while: its vendor said *',
    '推送证书暂停使用：厂商返回 *',
  ],
  retry: ['delays', 'It waits to be tried again: *', '等待重试：*'],
  being_sent: ['delays', 'It is being sent at this moment', '正在发送'],
  queued: ['delays', 'It waits for its turn', '排队等待发送'],
  not_yet: ['delays', 'It is not to be shown before a time that has not come', '未到开始展示的时间'],
  paused: ['delays', 'The task is paused', '任务已暂停'],
  expanding: ['delays', 'The task’s audience is still being looked up', '仍在展开推送目标'],
  app_frozen: ['delays', 'The app is frozen', '应用已冻结'],
}

/** Of the codes that a vendor speaks for, and of other details, some are empty. */
export function reason(code: ReasonCode, { detail = '', at = 0, until = 0 } = {}): Reason {
  const [effect, en, zh] = sentences[code]
  const told = (text: string) => text.replaceAll('*', detail || '–')
  return { code, effect, en: told(en), zh: told(zh), detail, at, until }
}
