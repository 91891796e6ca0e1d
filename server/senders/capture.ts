import { insertCapture, trimCaptures } from '../push/captures.sql.ts'
import { sortableId } from '../push/times.ts'
import type { Services } from '../services.ts'
import type { Sender, Target, Verdict } from './sender.ts'

/** Kept of an app at the most: it is for looking, and not for load. */
const most = 10_000

/** Keeps what would have been sent, so that everything can be tried without a vendor's account. */
export function captureSender({ sql, now }: Pick<Services, 'sql' | 'now'>, notifier: string): Sender {
  return {
    channel: 'capture',
    async send(targets: readonly Target[]): Promise<Verdict[]> {
      const [first] = targets
      if (!first) return []
      await sql.begin(async sql => {
        for (const { app, task, user, device, push } of targets)
          await insertCapture(
            sql,
            app,
            sortableId(now()),
            { notifier, user, device, task, payload: payloadOf(push) },
            now(),
          )
        await trimCaptures(sql, first.app, most)
      })
      return targets.map(() => ({ is: 'sent' }))
    },
    close() {},
  }
}

function payloadOf({ vendors, isSilent, isQuiet, isUrgent, bigText, ...push }: Target['push']): string {
  const { ios, android, huawei, xiaomi, oppo, flyme, fcm, vivo } = vendors
  const blocks = { ios, android, huawei, xiaomi, oppo, flyme, fcm, vivo }
  return JSON.stringify({ ...push, big_text: bigText, silent: isSilent, quiet: isQuiet, urgent: isUrgent, ...blocks })
}
