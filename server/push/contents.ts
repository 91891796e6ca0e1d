import type { App } from '../apps/apps.sql.ts'
import type { Push } from '../senders/sender.ts'
import type { Message } from './messages.ts'
import type { TaskRow } from './tasks.sql.ts'

/** Where Chinese is what people read, as far as the app's zone tells. */
const chineseZones = /^Asia\/(Shanghai|Urumqi|Chongqing|Harbin|Hong_Kong|Macau|Taipei)$|^PRC$|^Hongkong$|^ROC$/

const youHaveNews = { en: 'You have a new message', zh: '您有一条新消息' }

/** For whom a message is made. */
export interface Reader {
  hidesDetails: boolean
  isQuiet: boolean
  badge: number
}

/** Makes the pushes of one task; those who want no details get none, neither in texts nor in what a tap opens. */
export class Contents {
  readonly #message: Message
  readonly #task: Pick<TaskRow, 'task_id' | 'expires_at' | 'lane'>
  readonly #zone: string
  readonly #sender: string

  /** `sender` is the name of the user that the message is from, if any: it stands for a title that is not given. */
  constructor(
    app: Pick<App, 'time_zone'>,
    task: Pick<TaskRow, 'task_id' | 'message' | 'expires_at' | 'lane'>,
    sender = '',
  ) {
    this.#message = JSON.parse(task.message) as Message
    this.#task = task
    this.#zone = app.time_zone
    this.#sender = sender
  }

  for({ hidesDetails, isQuiet, badge }: Reader): Push {
    const {
      from: _,
      type,
      title = this.#sender,
      body = '',
      big_text = '',
      attachment_url = '',
      ext = {},
      ...vendors
    } = this.#message
    const { task_id, expires_at: expires, lane } = this.#task
    const common = { isSilent: type === 'cmd', badge, isQuiet, expires, isUrgent: lane === 0 }
    if (!hidesDetails)
      return {
        ...common,
        title,
        body,
        bigText: big_text,
        image: type === 'image' ? attachment_url : '',
        ext: { ...ext, task_id },
        vendors,
      }
    const generic = youHaveNews[chineseZones.test(this.#zone) ? 'zh' : 'en']
    return { ...common, title: '', body: generic, bigText: '', image: '', ext: { task_id }, vendors: {} }
  }
}
