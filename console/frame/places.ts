import type { IconName } from '../parts/icon.tsx'

/** Where one can go: in the navigation, in the palette, and by `g` and a letter. */
export const places = [
  { name: 'overview', path: '/', icon: 'overview', key: 'o', group: 'app' },
  { name: 'users', path: '/users', icon: 'users', key: 'u', group: 'app' },
  { name: 'jobs', path: '/jobs', icon: 'check', key: 'j', group: 'app' },
  { name: 'composer', path: '/push/new', icon: 'push', key: 'p', group: 'push' },
  { name: 'tasks', path: '/push/tasks', icon: 'tasks', key: 't', group: 'push' },
  { name: 'notifiers', path: '/push/notifiers', icon: 'notifiers', key: 'n', group: 'push' },
  { name: 'trail', path: '/audit', icon: 'trail', key: 'a', group: 'control' },
  { name: 'apps', path: '/apps', icon: 'apps', key: 's', group: 'control' },
  { name: 'tokens', path: '/tokens', icon: 'person', key: 'k', group: 'control' },
  { name: 'system', path: '/system', icon: 'system', key: 'h', group: 'control', operatorsOnly: true },
] as const satisfies readonly {
  name: string
  path: string
  icon: IconName
  key: string
  group: 'app' | 'push' | 'control'
  operatorsOnly?: true
}[]

export const groups = ['app', 'push', 'control'] as const

/** Those that this person may see. */
export const placesFor = (kind: 'admin' | 'operator') =>
  places.filter(place => !('operatorsOnly' in place) || kind === 'operator')
