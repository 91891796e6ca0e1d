import { Type } from '@sinclair/typebox'
import {
  Avatar,
  BatchOutcome,
  Description,
  Done,
  Each,
  Nickname,
  optional,
  PrivateInfo,
  PublicInfo,
  Text,
  UserId,
} from './fields.ts'
import { operations } from './operation.ts'

const megabyte = 1_048_576

export const ProfileChanges = {
  description: Description,
  nick_name: Nickname,
  private_info: PrivateInfo,
  public_info: PublicInfo,
}

export const Profile = Type.Object({
  avatar: Text,
  description: Text,
  email: Text,
  mobile: Text,
  nick_name: Text,
  private_info: Text,
  public_info: Text,
  user_id: UserId,
  username: Text,
})

export const profiles = operations({
  getProfile: {
    section: '1.18',
    summary: 'Get user information',
    methods: ['GET'],
    path: '/user/profile',
    who: 'self',
    result: Profile,
  },
  setProfile: {
    section: '1.19',
    summary: 'Update user information',
    about: 'Partial: what is absent stays.',
    methods: ['PUT', 'POST'],
    path: '/user/profile',
    who: 'self',
    body: optional(ProfileChanges),
    result: Done,
  },
  setProfileBatch: {
    section: '1.20',
    summary: 'Update user information in batch',
    about: '1 to 500 items, each partial and each answered for itself.',
    methods: ['PUT', 'POST'],
    path: '/user/profile/batch',
    who: 'admin',
    bodyLimit: megabyte,
    body: Type.Object({
      list: Each(Type.Composite([Type.Object({ user_id: UserId }), optional(ProfileChanges)]), 500),
    }),
    result: Type.Array(BatchOutcome),
  },
  setNickname: {
    section: '1.15',
    summary: 'Set nickname',
    methods: ['PUT', 'POST'],
    path: '/user/nickname',
    who: 'self',
    query: Type.Object({ nick_name: Nickname }),
    result: Done,
  },
  setAvatar: {
    section: '1.2',
    summary: 'Set avatar',
    methods: ['PUT', 'POST'],
    path: '/user/avatar',
    who: 'self',
    body: Type.Object({ avatar: Avatar }),
    result: Done,
  },
  setAvatarBatch: {
    section: '1.3',
    summary: 'Set avatar in batch',
    about: '1 to 500 items, each answered for itself.',
    methods: ['PUT', 'POST'],
    path: '/user/avatar/batch',
    who: 'admin',
    bodyLimit: megabyte,
    body: Type.Object({ list: Each(Type.Object({ user_id: UserId, avatar: Avatar }), 500) }),
    result: Type.Array(BatchOutcome),
  },
  setPrivateInfo: {
    section: '1.17',
    summary: 'Set private extension information',
    about: 'The whole body is the text; where it is one JSON string literal, its value is. At most 16 KiB.',
    methods: ['PUT', 'POST'],
    path: '/user/private',
    who: 'self',
    text: PrivateInfo,
    result: Done,
  },
  setPublicInfo: {
    section: '1.21',
    summary: 'Set public extension information',
    about: 'The whole body is the text; where it is one JSON string literal, its value is. At most 16 KiB.',
    methods: ['PUT', 'POST'],
    path: '/user/public',
    who: 'self',
    text: PublicInfo,
    result: Done,
  },
})
