import { createRequire } from 'node:module'
import type { FastifyServerOptions } from 'fastify'
import { once } from '../once.ts'

type Serializer = (value: unknown) => string
type Build = (schema: object) => Serializer

/**
 * Answers are written by serialisers made from the contract, each compiled when it is first used: Fastify would compile
 * all of them, and load a validator that nobody here asks, before a node is ready.
 */
export const schemaController: NonNullable<FastifyServerOptions['schemaController']> = {
  compilersFactory: {
    buildSerializer: () => {
      const build = once(() => createRequire(import.meta.url)('fast-json-stringify') as Build)
      const made = new Map<unknown, Serializer>()
      return ({ schema }) =>
        value => {
          let serialize = made.get(schema)
          if (!serialize) {
            serialize = build()(schema as object)
            made.set(schema, serialize)
          }
          return serialize(value)
        }
    },
    buildValidator: () => () => {
      throw new Error('parameters are read by read.ts, not validated by Fastify')
    },
  },
}
