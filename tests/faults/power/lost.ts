import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findApp } from '../../../server/apps/apps.sql.ts'
import { mustOpenSecrets } from '../../../server/apps/apps.ts'
import { openEmbedded } from '../../../server/installation.ts'
import type { Promised } from './load.ts'

/** What a state of the disk lacks of what had been promised by then; throws where the product cannot open it. */
export async function lostIn(folder: string, state: Map<string, Buffer>, promised: Promised[]): Promise<string[]> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(join(folder, 'data'), { recursive: true })
  for (const [path, content] of state) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  const installation = await openEmbedded({ data: join(folder, 'data'), masterKey: '' })
  const { store, seals } = installation
  try {
    const sound = store.database.prepare('pragma integrity_check').get() as { integrity_check: string }
    if (sound.integrity_check !== 'ok') throw new Error(sound.integrity_check)
    if (store.database.prepare('pragma foreign_key_check').all().length > 0)
      throw new Error('a reference leads nowhere')
    await mustOpenSecrets(store.sql, seals)
    const lost: string[] = []
    for (const each of latest(promised)) if (!(await isKept(installation, each, state))) lost.push(JSON.stringify(each))
    return lost
  } finally {
    await store.close()
  }
}

/** Of one user's nicknames only the last has to be there. */
function latest(promised: Promised[]): Promised[] {
  const last = new Map<string, Promised>()
  for (const each of promised) last.set(each.is === 'nickname' ? `${each.id}` : JSON.stringify(each), each)
  return [...last.values()]
}

async function isKept({ store }: Awaited<ReturnType<typeof openEmbedded>>, each: Promised, state: Map<string, Buffer>) {
  const value = (query: string, key: string | number) =>
    Object.values(store.database.prepare(query).get(key) ?? {})[0] as string | number | undefined
  switch (each.is) {
    case 'started':
      return (await findApp(store.sql, each.app)) !== undefined && isJson(state.get('/data/first-run.json'))
    case 'registered':
      return value('select username from users where user_id = ?', each.id) === each.username
    case 'nickname':
      return Number(value('select nick_name from users where user_id = ?', each.id)) >= each.sent
    case 'revoked':
      return Number(value('select ended_at from user_tokens where token_hash = ?', each.hash)) > 0
  }
}

function isJson(content: Buffer | undefined): boolean {
  try {
    return content !== undefined && JSON.parse(content.toString()).admin_token !== ''
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}
