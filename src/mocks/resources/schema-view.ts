import { type Merged, mergeInto, typesOf } from '../../openapi/merge.ts'
import { type ApiDocument, type Schema, isNode, isSchema } from '../../openapi/model.ts'
import { documentBase } from '../../openapi/references.ts'

/** A schema as far as it tells what objects look like: references followed, composition worked in. */
export interface SchemaView {
  readonly types: readonly string[]
  readonly properties: Readonly<Record<string, Schema>>
  readonly required: readonly string[]
  readonly items: Schema | undefined
  /** Other keywords, such as `format` or `enum`. */
  readonly keywords: Readonly<Record<string, unknown>>
}

const views = new WeakMap<object, SchemaView>()
const nothing: SchemaView = { types: [], properties: {}, required: [], items: undefined, keywords: {} }

/** Looks at a schema. Of a union the first branch that describes an object counts. */
export function viewOf(document: ApiDocument, schema: Schema | undefined): SchemaView {
  if (!isNode(schema)) return nothing
  let view = views.get(schema)
  if (view === undefined) {
    const merged: Merged = {}
    mergeAll(document, schema, documentBase, merged, 0)
    const { properties, required, items } = merged
    view = {
      types: typesOf(merged),
      properties: isNode(properties) ? (properties as Record<string, Schema>) : {},
      required: Array.isArray(required) ? (required as string[]) : [],
      items: isSchema(items) ? items : undefined,
      keywords: merged,
    }
    views.set(schema, view)
  }
  return view
}

function mergeAll(document: ApiDocument, schema: Schema, base: string, merged: Merged, depth: number): void {
  if (!isNode(schema) || depth > 30) return
  const { references } = document
  const inside = references.baseIn(schema, base)
  if (typeof schema['$ref'] === 'string') {
    const target = references.target(schema['$ref'], inside)
    mergeAll(document, target.value as Schema, target.base, merged, depth + 1)
  }
  const { allOf, anyOf, oneOf, $ref: _, ...own } = schema
  mergeInto(merged, own)
  if (Array.isArray(allOf)) for (const part of allOf) mergeAll(document, part as Schema, inside, merged, depth + 1)
  for (const union of [anyOf, oneOf]) {
    if (!Array.isArray(union)) continue
    const branch = union.find((each) => isObjectLike(document, each as Schema)) ?? (union[0] as unknown)
    if (branch !== undefined) mergeAll(document, branch as Schema, inside, merged, depth + 1)
  }
}

function isObjectLike(document: ApiDocument, schema: Schema): boolean {
  const node = document.references.follow(schema)
  return isNode(node) && (isNode(node['properties']) || Array.isArray(node['allOf']))
}

/** Whether two schemas are one, references followed. */
export function sameSchema({ references }: ApiDocument, one: Schema, other: Schema | undefined): boolean {
  return references.follow(one) === references.follow(other)
}
