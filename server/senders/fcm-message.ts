import type { Target } from './sender.ts'

/** Four weeks: FCM takes no more (s). */
const longestLife = 2_419_200

/** A push as FCM's HTTP v1 takes it. All values of `data` are text there. */
export function fcmBody({ token, task, push }: Target, now: number): string {
  const { isSilent, title, body, bigText, image, badge, isQuiet, ext, expires, isUrgent, vendors } = push
  const own = { ...vendors.android, ...vendors.fcm }
  const ttl = Math.max(0, Math.min(longestLife, Math.floor((expires - now) / 1000)))
  const shown = {
    ...(title && { title }),
    ...((bigText || body) && { body: bigText || body }),
    ...(image && { image }),
  }
  const notification = {
    ...(own.channel_id && { channel_id: own.channel_id }),
    ...(!isQuiet && { sound: own.sound || 'default' }),
    ...(isQuiet && { default_sound: false, default_vibrate_timings: false }),
    ...(badge >= 0 && { notification_count: badge }),
    ...(own.click_action?.toLowerCase() === 'intent' && own.intent && { click_action: own.intent }),
  }
  return JSON.stringify({
    message: {
      token,
      // Names of its own FCM does not take from everybody, so the caller's stand in one text.
      data: { task_id: String(task), ext: JSON.stringify(ext) },
      ...(!isSilent && { notification: shown }),
      android: {
        ttl: `${ttl}s`,
        priority: isSilent && !isUrgent ? 'normal' : 'high',
        ...(!isSilent && { notification }),
      },
    },
  })
}
