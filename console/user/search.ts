import { among, defined, whole } from '../frame/search.ts'

export const tabs = ['profile', 'settings', 'devices', 'labels', 'push', 'audit', 'data'] as const
export type Tab = (typeof tabs)[number]

export const readUserSearch = (search: Record<string, unknown>) =>
  defined({ tab: among(tabs, search.tab), task: whole(search.task) })
