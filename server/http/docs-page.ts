import type { TSchema } from '@sinclair/typebox'
import { failures } from '../../contract/errors.ts'
import type { Contract, Operation, Who } from '../../contract/operation.ts'
import { style } from './docs-style.ts'

/** The contract as one page that a browser shows without scripts and without anything from elsewhere. */
export function docsPage(contract: Record<string, Contract>, version: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stonechat API</title>
<style>${style}</style>
</head>
<body>
<nav aria-label="Operations">
<a class="title" href="#top">Stonechat <small>${escaped(version)}</small></a>
${Object.entries(contract).map(navigation).join('\n')}
<h2>Failures</h2>
<a href="#failures">All codes</a>
</nav>
<main id="top">
<h1>Stonechat API</h1>
<p>Every call names its app in header <code>app_id</code>, and most carry an <code>access-token</code>. Every answer is
<code>{"code", "data", "message"}</code>: code 200 is success; a refused call has no <code>data</code>, a code from the
<a href="#failures">table of failures</a> and a sentence in <code>message</code> (Chinese where <code>Accept-Language</code> prefers it).
A parameter is read from the place that is named first and, where it is absent there, from the other.
The same as data: <a href="/openapi.json">openapi.json</a>.</p>
${Object.entries(contract).map(domain).join('\n')}
${failureTable()}
</main>
</body>
</html>
`
}

const navigation = ([name, group]: [string, Contract]) =>
  `<h2>${escaped(name)}</h2>\n${Object.entries(group)
    .map(([id, { summary }]) => `<a href="#${id}">${escaped(summary)}</a>`)
    .join('\n')}`

const domain = ([name, group]: [string, Contract]) =>
  `<h2>${escaped(name)}</h2>\n${Object.entries(group).map(operationBlock).join('\n')}`

const whoMay: Record<Who, string> = {
  guest: 'Anyone with the app id; tokens are not looked at',
  guest_or_admin: 'Anyone where the app has open registration; an admin always',
  self: 'A user for itself; an admin for the user that header user_id names',
  user: 'A user for itself',
  admin_for_user: 'An admin, for the user that header user_id names',
  member: 'A user or an admin of the app (no user_id header from an admin)',
  admin: 'An admin, for the whole app (no user_id header)',
  operator: 'An operator, for the whole installation (header app_id may be left out)',
  operator_for_app: 'An operator, for the app that header app_id names',
  console: 'Whoever is signed in to the console, for its own session (header app_id may be left out)',
  visitor: 'A page of the console (header app_id may be left out with an operator token)',
}

function operationBlock([id, operation]: [string, Operation]): string {
  const { section, summary, about, methods, path, who, confirmed } = operation
  const routes = methods.map(
    method => `<code class="route"><b class="${method.toLowerCase()}">${method}</b> ${escaped(path)}</code>`,
  )
  return `<section id="${id}">
<h3><a href="#${id}">${escaped(summary)}</a>${section ? ` <small>${section}</small>` : ''}</h3>
<p>${routes.join(' ')}</p>
${about ? `<p>${escaped(about)}</p>` : ''}
<p class="who">${escaped(whoMay[who])}.${confirmed ? ' From the console, the token must have been typed in the last five minutes.' : ''}</p>
${parameterTable(operation)}
${answerTable(operation)}
</section>`
}

function parameterTable({ query, body, text }: Operation): string {
  if (text) return `<p><b>Body</b>: ${escaped(rules(text))}. ${escaped(text.description ?? '')}</p>`
  const rows = [
    ...Object.entries(query?.properties ?? {}).map(([name, schema]) =>
      parameterRow(name, 'query, body', schema, query?.required),
    ),
    ...Object.entries(body?.properties ?? {}).map(([name, schema]) =>
      parameterRow(name, 'body, query', schema, body?.required),
    ),
  ]
  return rows.length === 0 ? '' : table('Parameters', ['Name', 'Read from', 'Type and rule', ''], rows)
}

const parameterRow = (name: string, place: string, schema: TSchema, required: string[] = []) =>
  row(
    `<code>${escaped(name)}</code>${required.includes(name) ? ' <em>required</em>' : ''}`,
    place,
    escaped(rules(schema)),
    escaped(schema.description ?? ''),
  )

function answerTable({ result, beside }: Operation): string {
  const fields = result.type === 'array' ? result.items : result
  const rows = Object.entries((fields.properties ?? {}) as Record<string, TSchema>).map(([name, schema]) =>
    answerRow(name, schema),
  )
  const extra = Object.entries(beside?.properties ?? {}).map(([name, schema]) =>
    answerRow(`(beside data) ${name}`, schema),
  )
  const caption = `Answer: data is ${escaped(rules(result))}`
  return rows.length + extra.length === 0
    ? `<p><b>${caption}</b>. ${escaped(result.description ?? '')}</p>`
    : table(caption, ['Name', 'Type', ''], [...rows, ...extra])
}

const answerRow = (name: string, schema: TSchema) =>
  row(`<code>${escaped(name)}</code>`, escaped(schema.format ?? schema.type), escaped(schema.description ?? ''))

/** One line for type, range and length. */
function rules(schema: TSchema): string {
  const { minimum, maximum, minItems, maxItems, maxLength, maxBytes, items, must } = schema
  const kind = schema.type === 'array' ? `list of ${rules(items)}` : (schema.format ?? schema.type)
  return [
    kind,
    minimum !== undefined && maximum !== undefined && `${minimum} to ${maximum}`,
    maxItems !== undefined && `${minItems ?? 0} to ${maxItems} entries`,
    maxLength !== undefined && `at most ${maxLength} characters`,
    maxBytes !== undefined && `at most ${maxBytes} bytes`,
    must?.en,
  ]
    .filter(Boolean)
    .join(', ')
}

const failureTable = () =>
  `<section id="failures"><h2>Failures</h2>${table(
    'All codes',
    ['Code', 'Name', 'HTTP', 'English', '中文'],
    Object.entries(failures).map(([name, [code, status, en, zh]]) =>
      row(code, `<code>${name}</code>`, status, escaped(en), escaped(zh)),
    ),
  )}</section>`

const table = (caption: string, heads: string[], rows: string[]) =>
  `<div class="scroll"><table><caption>${caption}</caption><thead><tr>${heads.map(head => `<th scope="col">${head}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`

const row = (...cells: (string | number)[]) => `<tr>${cells.map(cell => `<td>${cell}</td>`).join('')}</tr>`

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string) => text.replace(/[&<>"]/g, character => entities[character] as string)
