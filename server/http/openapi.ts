import type { TObject, TSchema } from '@sinclair/typebox'
import { consoleHeader } from '../../contract/console.ts'
import { ApiError, type Failure, failures } from '../../contract/errors.ts'
import type { Contract, Method, Operation, Who } from '../../contract/operation.ts'
import { failureAnswer, successOf } from './envelope.ts'

type Json = Record<string, unknown>

/** The contract as OpenAPI 3.1. Each method of an operation is an entry of its own; they are one operation. */
export function openapi(contract: Record<string, Contract>, version: string): Json {
  const paths: Record<string, Json> = {}
  for (const [domain, group] of Object.entries(contract))
    for (const [name, operation] of Object.entries(group))
      for (const method of operation.methods) {
        paths[operation.path] ??= {}
        ;(paths[operation.path] as Json)[method.toLowerCase()] = entry(domain, name, operation, method)
      }
  return {
    openapi: '3.1.0',
    info: { title: 'Stonechat', version, summary: 'The user service of a chat app', description: introduction() },
    tags: Object.keys(contract).map(name => ({ name })),
    paths,
    components: {
      schemas: { Failure: plain(failureAnswer) },
      securitySchemes: {
        accessToken: { type: 'apiKey', in: 'header', name: 'access-token' },
        consoleCookie: { type: 'apiKey', in: 'cookie', name: '__Host-stonechat-console' },
        consoleHeader: { type: 'apiKey', in: 'header', name: consoleHeader },
      },
    },
  }
}

const introduction = () =>
  `Every answer is \`{code, data, message}\`; code 200 is success. A refused call has no data, and its code is one of:\n\n${(
    Object.entries(failures) as [Failure, readonly [number, number, string, string]][]
  )
    .map(
      ([name, [code, status]]) =>
        `- ${code} ${name}: ${new ApiError(name).message}${status === 200 ? '' : ` (HTTP ${status})`}`,
    )
    .join('\n')}`

function entry(domain: string, name: string, operation: Operation, method: Method): Json {
  return {
    operationId: method === operation.methods[0] ? name : `${name}By${method[0]}${method.slice(1).toLowerCase()}`,
    tags: [domain],
    summary: operation.summary,
    ...(operation.about && { description: operation.about }),
    ...(operation.confirmed && { 'x-confirmed': true }),
    ...(operation.section && { 'x-section': operation.section }),
    security: security(operation.who),
    parameters: [...headers(operation.who), ...queryParameters(operation.query)],
    ...requestBody(operation),
    responses: {
      200: {
        description: 'Success, or a refusal with its code',
        content: operation.stream
          ? streamed(operation)
          : json({ oneOf: [plain(successOf(operation)), { $ref: '#/components/schemas/Failure' }] }),
      },
      default: {
        description: 'The request could not be served; code is the HTTP status, or 10028',
        content: json({ $ref: '#/components/schemas/Failure' }),
      },
    },
  }
}

export const takesNoToken = (who: Who) => who === 'guest' || who === 'guest_or_admin' || who === 'visitor'

/** The console's cookie works wherever an admin's token does; its own operations take nothing else. */
function security(who: Who) {
  if (takesNoToken(who)) return [{}]
  const cookie = { consoleCookie: [], consoleHeader: [] }
  if (who === 'console') return [cookie]
  return who === 'user' ? [{ accessToken: [] }] : [{ accessToken: [] }, cookie]
}

const json = (schema: Json) => ({ 'application/json': { schema } })

const header = (name: string, required: boolean, description: string, schema: Json) => ({
  name,
  in: 'header',
  required,
  description,
  schema,
})

const mayLeaveOutApp = (who: Who) => who === 'operator' || who === 'console' || who === 'visitor'

function headers(who: Who) {
  const app = header('app_id', !mayLeaveOutApp(who), 'App ID', { type: 'string' })
  if (who !== 'self' && who !== 'admin_for_user') return [app]
  const user = header('user_id', who === 'admin_for_user', 'With an admin token: the user that the call acts for', {
    type: 'integer',
    format: 'int64',
    minimum: 1,
  })
  return [app, user]
}

const queryParameters = (query?: TObject) =>
  Object.entries(query?.properties ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: query?.required?.includes(name) ?? false,
    ...(schema.description && { description: schema.description }),
    schema: plain(schema),
  }))

function requestBody({ body, text, form }: Operation): Json {
  if (text)
    return {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: plain(text) }, 'text/plain': { schema: plain(text) } },
      },
    }
  if (!body) return {}
  return { requestBody: { required: (body.required?.length ?? 0) > 0, content: contentOf(plain(body), form) } }
}

const streamed = ({ result }: Operation) => ({
  'text/event-stream': { schema: plain(result) },
  ...json({ $ref: '#/components/schemas/Failure' }),
})

const contentOf = (schema: Json, form = false) => ({
  ...json(schema),
  ...(form && { 'application/x-www-form-urlencoded': { schema } }),
})

/** Our own keywords in the spelling that OpenAPI keeps for extensions; what only our reader needs is left out. */
const spelled: Record<string, string | undefined> = {
  maxBytes: 'x-max-bytes',
  alias: 'x-alias',
  must: undefined,
  each: undefined,
  free: undefined,
  orText: undefined,
}

/** The schema as plain JSON Schema. */
export function plain(schema: TSchema | Json): Json {
  const { orText } = schema as Json
  if (orText !== undefined) return { oneOf: [{ const: orText }, plain({ ...schema, orText: undefined })] }
  const entries = Object.entries(schema as Json).flatMap(([key, value]): [string, unknown][] => {
    const name = key in spelled ? spelled[key] : key
    if (name === undefined || value === undefined) return []
    if (key === 'properties')
      return [
        [name, Object.fromEntries(Object.entries(value as Json).map(([field, each]) => [field, plain(each as Json)]))],
      ]
    if (key === 'items') return [[name, plain(value as Json)]]
    return [[name, value]]
  })
  return Object.fromEntries(entries)
}
