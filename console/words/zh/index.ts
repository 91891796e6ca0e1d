import type { Words } from '../en/index.ts'
import type { Translated } from '../translated.ts'
import { composer } from './composer.ts'
import { apps, system, tokens, trail } from './control.ts'
import { frame, session } from './frame.ts'
import { charts, parts } from './parts.ts'
import { notifiers, overview, tasks } from './push.ts'
import { explain, user } from './user.ts'
import { jobs, users } from './users.ts'

export const words: Translated<Words> = {
  parts,
  charts,
  frame,
  session,
  overview,
  users,
  jobs,
  user,
  explain,
  composer,
  tasks,
  notifiers,
  trail,
  apps,
  tokens,
  system,
}
