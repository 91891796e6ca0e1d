// Runs once: no storage takes part.
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { failures } from '../contract/errors.ts'
import { settings } from '../server/config.ts'
import { folder } from './harness.ts'
import { assertShown, firstShell, take, walksOf } from './support/walks.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).sort()
const textOf = (page: string) => readFileSync(join(root, page), 'utf8')

for (const page of pages) {
  test(`${page} links to what is there`, () => {
    const links = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link as string)
    const local = links.filter(link => !/^[a-z]+:/.test(link))

    const broken = local.filter(link => !leadsSomewhere(page, link))

    assert.deepEqual(broken, [])
  })

  test(`${page} names files that are there`, () => {
    const quoted = [...textOf(page).matchAll(/`([^`\s]+)`/g)].map(([, word]) => word as string)
    const paths = quoted.filter(word =>
      /^((contract|server|client|tests|docs|bench|bin)\/[\w./-]*|\w+\.md)$/.test(word),
    )

    const missing = paths.filter(path => !existsSync(join(root, path)))

    assert.deepEqual(missing, [])
  })
}

for (const page of ['README.md', 'docs/client.md'])
  test(`what ${page} tells to type works on a first start, and prints what the page shows`, async t => {
    const walks = walksOf(textOf(page))
    const shell = await firstShell(t, folder(t))

    const printed: string[][] = []
    for (const walk of walks) printed.push(await take(t, walk, shell))

    assert.equal(walks.length, 2)
    for (const [i, walk] of walks.entries()) assertShown(walk, printed[i] ?? [])
  })

test('docs/deploy.md explains every setting', () => {
  const table = textOf('docs/deploy.md')

  const missing = Object.values(settings).filter(({ variable }) => !table.includes(`| \`${variable}\` |`))

  assert.deepEqual(missing, [])
})

test('docs/api.md explains every failure', () => {
  const table = textOf('docs/api.md')

  const missing = Object.entries(failures).filter(([name, [code]]) => !table.includes(`| ${code} | ${name} |`))

  assert.deepEqual(missing, [])
})

/** A file or folder, and where a heading is named, one of its own. */
function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', heading] = link.split('#')
  const target = path === '' ? page : join(dirname(page), path)
  if (!existsSync(join(root, target))) return false
  return heading === undefined || headingsOf(target).includes(heading)
}

/** As they stand in addresses. */
function headingsOf(page: string): string[] {
  return [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    (title as string)
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  )
}
