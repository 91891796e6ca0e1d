import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const folder = fileURLToPath(new URL('../contract/', import.meta.url))
/** Those that hold no schemas. */
const asTheyAre = ['errors.ts', 'complaints.ts']
/** Its functions look at nothing but what it exports; those of the others make schemas. */
const withFunctions = 'frames.ts'

/**
 * Of the contract a browser needs methods, paths and the names of parameters. Schemas, sentences and the schema builder
 * stay behind: with them the first load would be a third heavier.
 */
export const slimContract = (): Plugin => ({
  name: 'slim-contract',
  enforce: 'pre',
  async load(id) {
    const [file = ''] = id.split('?')
    const name = file.startsWith(folder) ? file.slice(folder.length) : ''
    if (name === '' || asTheyAre.includes(name)) return null
    const module: Record<string, unknown> = await import(file)
    return Object.entries(module)
      .filter(([, value]) => typeof value !== 'function' || name === withFunctions)
      .map(
        ([key, value]) => `export const ${key} = ${typeof value === 'function' ? value : JSON.stringify(slim(value))}`,
      )
      .join('\n')
  },
})

const texts = new Set(['summary', 'about', 'description', 'section', 'who', 'result', 'must', 'pattern'])

function slim(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value
  if ('properties' in value) return { properties: namesOf(value.properties as object) }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !texts.has(key))
      .map(([key, each]) => [key, slim(each)]),
  )
}

const namesOf = (properties: object) => Object.fromEntries(Object.keys(properties).map(name => [name, 0]))
