import type { Activity } from '../bus/announcements.ts'
import type { Bus } from '../bus/bus.ts'

/** Tells every node what people who watch the app may want to see; call it after the commit. */
export function tellActivity(
  bus: Bus,
  app: string,
  kind: string,
  { user = 0, device = 0, count = 1, detail = '' }: Partial<Omit<Activity, 'app' | 'kind'>>,
) {
  bus.publish({ about: 'activity', activity: { app, kind, user, device, count, detail } })
}
