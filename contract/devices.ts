import { Type } from '@sinclair/typebox'
import { DeviceSn, DeviceToken, Done, Milliseconds, NotifierName, Text, UserId } from './fields.ts'
import { operations } from './operation.ts'

export const devices = operations({
  listDevices: {
    section: '1.7',
    summary: 'Device list',
    about:
      'All devices, newest seen first. `version` is the time of the last change in milliseconds; one page holds them all, so there is no cursor.',
    methods: ['GET'],
    path: '/user/device/list',
    who: 'self',
    result: Type.Array(
      Type.Object({
        device_sn: DeviceSn,
        platform: Type.Integer({
          format: 'int32',
          description: '0 unknown, 1 ios, 2 android, 3 windows, 4 mac, 5 linux, 6 web',
        }),
        user_agent: Text,
        user_id: UserId,
      }),
    ),
    beside: Type.Object({ version: Milliseconds, cursor: Type.Optional(Text) }),
  },
  removeDevice: {
    section: '1.8',
    summary: 'Delete device',
    about: 'Kicks the device, then forgets it and what was bound to it.',
    methods: ['DELETE', 'POST'],
    path: '/user/device/remove',
    who: 'self',
    query: Type.Object({ device_sn: DeviceSn }),
    result: Done,
  },
  kick: {
    section: '1.12',
    summary: 'Kick specified device',
    about: 'One device, or all of the user’s when none is named. They stay listed.',
    methods: ['PUT', 'POST'],
    path: '/user/kick',
    who: 'self',
    query: Type.Object({ device_sn: Type.Optional(DeviceSn) }),
    result: Done,
  },
  bindDeviceToken: {
    section: '1.38',
    summary: 'Bind token',
    about: 'A device token is unique under its notifier and moves to whoever binds it last.',
    methods: ['PUT', 'POST'],
    path: '/user/token/bind',
    who: 'self',
    body: Type.Object({ device_sn: DeviceSn, device_token: DeviceToken, notifier_name: NotifierName }),
    result: Done,
  },
  unbindDeviceToken: {
    section: '1.39',
    summary: 'Unbind token',
    about: 'Succeeds when nothing was bound. `device_sn` is accepted as a spelling of `deviceSn`.',
    methods: ['DELETE', 'POST'],
    path: '/user/token/unbind',
    who: 'self',
    query: Type.Object({ deviceSn: Type.Integer({ ...DeviceSn, alias: 'device_sn' }) }),
    result: Type.Object({}),
  },
})
