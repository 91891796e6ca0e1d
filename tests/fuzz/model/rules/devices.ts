import { bytes, characters, deviceSn, list, userId } from '../right.ts'
import { done, refused } from '../told.ts'
import { bySeen, deviceOf, end, forgetDevice, openOf } from '../world.ts'
import type { Rules } from './rule.ts'

export const devices: Rules = {
  listDevices: {
    who: 'self',
    does: ({ self, chosen }) => ({
      ...done(
        bySeen(self).map(({ sn, platform, userAgent }) => ({
          device_sn: sn,
          platform,
          user_agent: userAgent,
          user_id: self.id,
        })),
      ),
      version: chosen.version,
    }),
  },
  removeDevice: {
    who: 'self',
    must: { device_sn: deviceSn },
    does({ world, app, self, input }) {
      const sn = Number(input.device_sn)
      if (!deviceOf(self, sn)) return refused(13002)
      end(world, app, self, each => each === sn, 4001)
      forgetDevice(app, self, sn)
      return done()
    },
  },
  kick: {
    who: 'self',
    may: { device_sn: deviceSn },
    does({ world, app, self, input }) {
      const sn = input.device_sn === undefined ? undefined : Number(input.device_sn)
      if (sn !== undefined && !deviceOf(self, sn)) return refused(13002)
      end(world, app, self, each => sn === undefined || each === sn, 4001)
      return done()
    },
  },
  bindDeviceToken: {
    who: 'self',
    must: { device_sn: deviceSn, device_token: bytes(4096, 1), notifier_name: characters(64, 1) },
    does({ app, self, input }) {
      const [sn, token, notifier] = [Number(input.device_sn), String(input.device_token), String(input.notifier_name)]
      if (!deviceOf(self, sn)) return refused(13002)
      if (notifier !== 'capture') return refused(13006)
      if (token.length > 512) return refused(10002)
      // One of a kind for a device, and whoever binds it last has it.
      app.bindings = app.bindings.filter(each => each.token !== token && (each.user !== self.id || each.sn !== sn))
      app.bindings.push({ notifier, token, user: self.id, sn })
      return done()
    },
  },
  unbindDeviceToken: {
    who: 'self',
    must: { deviceSn },
    does({ app, self, input }) {
      app.bindings = app.bindings.filter(each => each.user !== self.id || each.sn !== Number(input.deviceSn))
      return done({})
    },
  },
  getOnlineStatus: {
    who: 'self',
    does: ({ world, app, self }) => done({ online: openOf(world, app, self.id).length > 0 }),
  },
  presenceBatch: {
    who: 'member',
    must: { list: list(userId, 500) },
    does({ world, app, input }) {
      const ids = [...new Set((input.list as unknown[]).map(Number))]
      return done(
        ids.map(user_id => {
          const user = app.users.get(user_id)
          const online = user !== undefined && openOf(world, app, user_id).length > 0
          const seen = user ? (bySeen(user)[0]?.seen ?? 0) : 0
          return { user_id, online, last_seen: online ? world.now : seen }
        }),
      )
    },
  },
}
