import { type Merged, mergeInto } from '../openapi/merge.ts'
import { type ApiDocument, type Schema, isNode } from '../openapi/model.ts'
import { validatorsOf } from '../openapi/validators.ts'

/**
 * What a schema says about one value: references followed, `allOf` joined, of each choice the branch
 * that the value fits. Undefined where the document says nothing, or nothing that fits.
 */
export function shapeOf(schema: Schema | undefined, value: unknown, document: ApiDocument): Merged | undefined {
  const merged: Merged = {}
  return isNode(schema) && collect(schema, value, document, merged, 0) ? merged : undefined
}

function collect(schema: Schema, value: unknown, document: ApiDocument, merged: Merged, depth: number): boolean {
  const node = document.references.follow(schema)
  if (!isNode(node) || depth > 30) return true
  const { allOf = [], anyOf, oneOf, ...own } = node
  mergeInto(merged, own)
  for (const part of allOf as readonly Schema[]) if (!collect(part, value, document, merged, depth + 1)) return false
  for (const choices of [anyOf, oneOf] as (readonly Schema[] | undefined)[]) {
    if (choices === undefined || (value === null && isNullable(merged))) continue
    const branch = choices.find((choice) => fits(choice, value, document))
    if (branch === undefined || !collect(branch, value, document, merged, depth + 1)) return false
  }
  return true
}

/** Whether a schema takes a value. */
export function fits(schema: Schema, value: unknown, document: ApiDocument): boolean {
  return validatorsOf(document).check(schema, 'response')(value).length === 0
}

/** Whether null stands beside the values that a shape allows. */
export function isNullable(shape: Merged): boolean {
  return shape['nullable'] === true || [shape['type']].flat().includes('null')
}
