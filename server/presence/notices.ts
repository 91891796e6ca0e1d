import type { Services } from '../services.ts'

type Needs = Pick<Services, 'bus'>

/** Tells the user's connections which fields of its profile or settings changed; call it after the commit. */
export function tellUpdated({ bus }: Needs, app: string, user: number, fields: string[]) {
  if (fields.length > 0)
    bus.publish({ about: 'notice', notice: { app, user, frame: { type: 'info_updated', fields } } })
}

/** Tells the user's other devices of a new one; call it after the commit. */
export function tellAdded({ bus }: Needs, app: string, user: number, device: number) {
  bus.publish({
    about: 'notice',
    notice: { app, user, except: device, frame: { type: 'device_added', device_sn: device } },
  })
}
