import { type Clock } from '../../core/clock.ts'
import { type Random } from '../../core/random.ts'
import { type ApiDocument, type Schema, isNode } from '../../openapi/model.ts'
import { sampleSchema } from '../../openapi/sample.ts'
import { createSampler } from '../../openapi/sampler.ts'
import { validatorsOf } from '../../openapi/validators.ts'
import { viewOf } from './schema-view.ts'

export interface MakeTools {
  readonly document: ApiDocument
  readonly clock: Clock
  readonly random: Random
}

type Fields = Readonly<Record<string, unknown>>

/**
 * A new object: what was sent, as far as an answer may carry it, over what its schema requires. Times of
 * making are the clock's; the rest that nobody sent is drawn.
 */
export function makeObject(tools: MakeTools, schema: Schema | undefined, sent: Fields): Record<string, unknown> {
  if (schema === undefined) return { ...sent }
  const { document, random } = tools
  const { properties } = viewOf(document, schema)
  const over = {
    ...defaults(document, properties),
    ...times(tools, properties, madeNames),
    ...acceptable(document, schema, sent),
  }
  const draw = createSampler({ document, random, direction: 'response', useExamples: false, optional: 'none' })
  const drawn = draw(schema)
  const object = { ...(isNode(drawn) ? drawn : {}), ...over }
  if (fits(document, schema, object)) return object
  // What is required alone does not do: a whole example may.
  const example = sampleSchema(document, schema, random)
  return isNode(example) ? { ...example, ...over } : object
}

/** Whether a value is one that a schema allows in an answer. */
export function fits(document: ApiDocument, schema: Schema, value: unknown): boolean {
  return validatorsOf(document).check(schema, 'response')(value).length === 0
}

/** An object after a change: what was sent, as far as an answer may carry it, over what was there. */
export function changeObject(
  tools: MakeTools,
  schema: Schema | undefined,
  before: Fields,
  sent: Fields,
): Record<string, unknown> {
  const { properties } = viewOf(tools.document, schema)
  return { ...before, ...times(tools, properties, changedNames), ...acceptable(tools.document, schema, sent) }
}

/** The fields of `sent` that the schema knows and that fit it. Secrets that are only ever sent are left out. */
export function acceptable(document: ApiDocument, schema: Schema | undefined, sent: Fields): Record<string, unknown> {
  if (schema === undefined) return { ...sent }
  const { properties, keywords } = viewOf(document, schema)
  const isOpen = Object.keys(properties).length === 0 || isNode(keywords['additionalProperties'])
  const fields: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(sent)) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (property === undefined) {
      if (isOpen) fields[name] = value
      continue
    }
    const { keywords } = viewOf(document, property)
    if (keywords['writeOnly'] === true) continue
    if (fits(document, property, value)) fields[name] = value
  }
  return fields
}

function defaults(document: ApiDocument, properties: Readonly<Record<string, Schema>>): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const [name, property] of Object.entries(properties)) {
    const { keywords } = viewOf(document, property)
    if (keywords['default'] !== undefined && keywords['writeOnly'] !== true) fields[name] = keywords['default']
  }
  return fields
}

const changedNames = /^(?:updated|modified|last_?(?:updated|modified))(?:_?(?:at|on|date|time))?$/i
const madeNames = new RegExp(`${changedNames.source}|^(?:created|creation)(?:_?(?:at|on|date|time))?$`, 'i')

function times(
  { document, clock }: MakeTools,
  properties: Readonly<Record<string, Schema>>,
  names: RegExp,
): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const [name, property] of Object.entries(properties)) {
    if (!names.test(name)) continue
    const { types, keywords } = viewOf(document, property)
    const iso = new Date(clock.now()).toISOString()
    const isNumber = types.includes('integer') || types.includes('number')
    const time = isNumber ? Math.floor(clock.now() / 1000) : keywords['format'] === 'date' ? iso.slice(0, 10) : iso
    if (fits(document, property, time)) fields[name] = time
  }
  return fields
}
