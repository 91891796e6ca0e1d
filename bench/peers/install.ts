import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { output } from '../processes.ts'
import { say } from '../site.ts'

/** Installs npm packages into a folder of their own, where they are not there already. */
export async function install(folder: string, packages: Record<string, string>) {
  if (Object.entries(packages).every(([name, version]) => installed(folder, name) === version)) return
  mkdirSync(folder, { recursive: true })
  const manifest = join(folder, 'package.json')
  if (!existsSync(manifest)) writeFileSync(manifest, '{"private":true}\n')
  const wanted = Object.entries(packages).map(([name, version]) => `${name}@${version}`)
  say(`installing ${wanted.join(' and ')} …`)
  await output('anywhere', ['npm', 'install', '--prefix', folder, '--no-audit', '--no-fund', ...wanted])
}

function installed(folder: string, name: string): string | undefined {
  const manifest = join(folder, 'node_modules', name, 'package.json')
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : undefined
}

/** A new database on the server, and what drops it again. */
export async function newDatabase(server: string, name: string): Promise<{ url: string; drop(): Promise<void> }> {
  const url = new URL(server)
  url.pathname = `/${name}`
  const run = (statement: string) => output('anywhere', ['psql', server, '-qc', statement])
  await run(`drop database if exists ${name} with (force)`)
  await run(`create database ${name}`)
  return {
    url: url.href,
    async drop() {
      await run(`drop database ${name} with (force)`)
    },
  }
}
