import { globSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { fileURLToPath } from 'node:url'
import { type Node, type Program, parse } from 'acorn'
import { ancestor } from 'acorn-walk'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The files of these folders, as paths from the root of the project. */
export const sources = (...folders: string[]): string[] =>
  folders.flatMap(folder => globSync(`${folder}/**/*.{ts,mjs}`, { cwd: root })).sort()

export const readSource = (file: string) => readFileSync(`${root}/${file}`, 'utf8')

/** A file as a tree; places in it are those of the text, whose types are blanks. */
const treeOf = (file: string): Program =>
  parse(stripTypeScriptTypes(readSource(file)), {
    ecmaVersion: 'latest',
    sourceType: 'module',
    allowHashBang: true,
    locations: true,
  })

/** Something in a file, with what it stands in, from the outside in. */
export interface Found<Kind extends Node = Node> {
  where: string
  node: Kind
  around: Node[]
}

/** Every node of these kinds in the files. */
export function find<Kind extends Node>(files: string[], ...kinds: Kind['type'][]): Found<Kind>[] {
  const found: Found<Kind>[] = []
  for (const file of files) {
    const note = (node: Node, _: unknown, around: Node[]) =>
      found.push({ where: `${file}:${node.loc?.start.line}`, node: node as Kind, around: around.slice(0, -1) })
    ancestor(treeOf(file), Object.fromEntries(kinds.map(kind => [kind, note])))
  }
  return found
}
