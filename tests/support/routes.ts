import { contract } from '../../contract/index.ts'
import type { Method, Operation } from '../../contract/operation.ts'
import type { Raw } from './http.ts'

export type Domain = keyof typeof contract

/** One way to call an operation, e.g. `PUT /user/nickname`. */
export interface Route {
  route: string
  domain: Domain
  name: string
  operation: Operation
  method: Method
}

/** Every route that the contract promises; one that answers without an end is tried in tests/live.test.ts. */
export const routes: Route[] = Object.entries(contract).flatMap(([domain, group]) =>
  Object.entries(group as Record<string, Operation>).flatMap(([name, operation]) =>
    (operation.stream ? [] : operation.methods).map(method => ({
      route: `${method} ${operation.path}`,
      domain: domain as Domain,
      name,
      operation,
      method,
    })),
  ),
)

/** Those of the API text. */
export const textRoutes = routes.filter(({ operation }) => operation.section !== undefined)

/** The call of a route as it goes on the wire, each parameter where the text puts it. */
export function rawOf({ operation, method }: Route, input: Record<string, unknown>, headers: Raw['headers'] = {}): Raw {
  const query = new URLSearchParams(named(operation.query, input) as Record<string, string>).toString()
  const body = operation.text ? input.text : operation.body && named(operation.body, input)
  return {
    method,
    path: operation.path + (query && `?${query}`),
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }
}

const named = (fields: Operation['query'], input: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(input).filter(([name]) => fields && name in fields.properties))
