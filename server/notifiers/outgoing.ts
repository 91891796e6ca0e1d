import { readFileSync } from 'node:fs'
import type { Config } from '../config.ts'

/** Where pushes may go beside the vendors' own addresses. */
export interface Outgoing {
  origins: ReadonlySet<string>
  /** Certificates (PEM) that are believed at those origins. */
  authorities: string | undefined
}

/** From the settings; fails with a sentence where the file of certificates cannot be read. */
export function outgoingOf({
  pushOrigins,
  pushAuthorities,
}: Pick<Config, 'pushOrigins' | 'pushAuthorities'>): Outgoing {
  return {
    origins: new Set(pushOrigins),
    authorities: pushAuthorities === '' ? undefined : readCertificates(pushAuthorities),
  }
}

function readCertificates(file: string) {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`STONECHAT_PUSH_CA names ${file}, which cannot be read: ${(error as Error).message}`)
  }
}
