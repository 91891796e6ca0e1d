import { statSync } from 'node:fs'
import type { Command } from 'commander'
import { databaseFile, inspectFile } from '../installation-file.ts'
import { copyDatabase, nameFile } from '../storage/copy.ts'
import { type Common, command, does } from './command.ts'
import { mustBeFree, withDraft } from './draft.ts'
import { configOf, mustBeFile, noDatabase } from './offline.ts'
import { type Answer, megabytes } from './print.ts'
import { Progress } from './progress.ts'

export function declare(program: Command) {
  const backup = command(
    program,
    'backup <path>',
    'Writes a copy of the database as it is now to a new file, beside the running server. The master key is not in it.',
    'backup /var/backups/stonechat-2026-11-23.db',
  )
  does(backup, takeBackup)
}

async function takeBackup(options: Common, [path = '']: string[]): Promise<Answer> {
  mustBeFree(path)
  const config = configOf(options)
  mustBeFile(config, 'back it up with pg_dump')
  const { data } = config
  if (!inspectFile(data).exists) throw noDatabase(config)
  const progress = new Progress()
  await withDraft(path, async draft => {
    await copyDatabase(databaseFile(data), draft, part => progress.show(part, 'copying'))
    nameFile(draft, path)
  }).finally(() => progress.clear())
  const { size } = statSync(path)
  return {
    data: { path, bytes: size },
    text: `${path} holds the database as it was, checked and whole (${megabytes(size)}). Keep master.key elsewhere.`,
  }
}
