import { spawnSync } from 'node:child_process'

const packages = {
  cc: 'gcc and libc6-dev',
  ip: 'iproute2',
  'fiu-run': 'fiu-utils',
  faketime: 'faketime',
  pgbouncer: 'pgbouncer',
}

/** Why a test cannot run here, with what to install; undefined where all of these programs are there. */
export function missing(...programs: (keyof typeof packages)[]): string | undefined {
  const absent = programs.filter(name => spawnSync('which', [name]).status !== 0)
  if (absent.length === 0) return undefined
  return `needs ${absent.join(', ')}: install ${absent.map(name => packages[name]).join(', ')}`
}

/** Likewise, for what only root may do. */
export const missingAsRoot = (...programs: (keyof typeof packages)[]): string | undefined =>
  process.getuid?.() === 0 ? missing(...programs) : 'needs root'
