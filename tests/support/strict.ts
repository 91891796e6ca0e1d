import { OptionalKind, type TArray, type TObject, type TSchema, Type } from '@sinclair/typebox'

/** The same schema, read to the letter: what it declares is there unless it is optional, and nothing else is. */
export function strict(schema: TSchema): TSchema {
  if (schema.free) return schema
  if (schema.type === 'object') return strictObject(schema as TObject)
  if (schema.type === 'array') return Type.Array(strict((schema as TArray).items), bounds(schema))
  return schema
}

function strictObject({ properties }: TObject): TSchema {
  const fields = Object.entries(properties).map(([name, field]) => {
    const inner = strict(field)
    return [name, OptionalKind in field ? Type.Optional(inner) : inner]
  })
  return Type.Object(Object.fromEntries(fields) as Record<string, TSchema>, { additionalProperties: false })
}

const bounds = ({ minItems, maxItems }: TSchema) => ({
  ...(minItems !== undefined && { minItems: minItems as number }),
  ...(maxItems !== undefined && { maxItems: maxItems as number }),
})
