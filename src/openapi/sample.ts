import { type Random } from '../core/random.ts'
import { bodyKind, mediaTypeOf, schemaOf } from './bodies.ts'
import { type Direction } from './dialect.ts'
import { type ApiDocument, type DeclaredResponse, type Node, type Operation, type Schema, isNode } from './model.ts'
import { createSampler } from './sampler.ts'
import { validatorsOf } from './validators.ts'
import { responseFor } from './validate-response.ts'

export interface SampleOptions {
  readonly random: Random
  /** @default the first success that is declared */
  readonly status?: number | undefined
}

/** An answer as a document describes it. */
export interface SampledResponse {
  readonly status: number
  /** Absent where the answer has no body. */
  readonly contentType?: string
  readonly body: unknown
}

/** Makes an answer from the document's examples or else from its schemas. */
export function sampleResponse(document: ApiDocument, operation: Operation, options: SampleOptions): SampledResponse {
  const { random, status = firstSuccess(operation) } = options
  const response = responseFor(operation, status)
  const chosen = response === undefined ? undefined : preferred(response)
  if (chosen === undefined) return { status, body: undefined }
  const [type, media] = chosen
  const contentType = concrete[type] ?? type
  const example = exampleOf(document, media)
  if (example !== undefined) return { status, contentType, body: example }
  const schema = schemaOf(media)
  return { status, contentType, body: schema === undefined ? undefined : sampleSchema(document, schema, random) }
}

function firstSuccess({ responses }: Operation): number {
  const declared = Object.keys(responses).find((status) => /^2(\d\d|XX)$/.test(status))
  if (declared !== undefined) return declared === '2XX' ? 200 : Number(declared)
  const other = Object.keys(responses).find((status) => /^\d{3}$/.test(status))
  return other === undefined || 'default' in responses ? 200 : Number(other)
}

/** JSON before anything else. */
function preferred({ content }: DeclaredResponse): readonly [string, Node] | undefined {
  const entries = Object.entries(content)
  return entries.find(([type]) => bodyKind(mediaTypeOf(type)) === 'json') ?? entries[0]
}

/** What stands for a family of media types. */
const concrete: Readonly<Record<string, string>> = {
  '*/*': 'application/json',
  'application/*': 'application/json',
  'text/*': 'text/plain',
  'image/*': 'image/png',
}

const chosenExamples = new WeakMap<Node, { readonly example: unknown }>()

/** The first example that fits its own schema: documents are not always true to themselves. */
function exampleOf(document: ApiDocument, media: Node): unknown {
  let chosen = chosenExamples.get(media)
  if (chosen === undefined) {
    const schema = schemaOf(media)
    const fits = (value: unknown) =>
      schema === undefined || validatorsOf(document).check(schema, 'response')(value).length === 0
    chosen = { example: examplesIn(document, media).find(fits) }
    chosenExamples.set(media, chosen)
  }
  return chosen.example
}

function examplesIn(document: ApiDocument, media: Node): unknown[] {
  const named = isNode(media['examples']) ? Object.values(media['examples']) : []
  const values = named.map((entry) => {
    const example = document.references.follow(entry)
    return isNode(example) ? (example['value'] ?? example['dataValue']) : undefined
  })
  return [media['example'], ...values].filter((value) => value !== undefined)
}

/** How often a schema that demands the unlikely is tried. */
const maxAttempts = 12

/**
 * Makes a value for a schema: from its examples where they fit, else drawn from `random`. Ends also on
 * schemas that contain themselves. The same random gives the same value.
 *
 * The value is validated before it is handed out and drawn again when it does not fit; what no attempt
 * could satisfy comes back as the last attempt made it.
 */
export function sampleSchema(
  document: ApiDocument,
  schema: Schema,
  random: Random,
  direction: Direction = 'response',
): unknown {
  const check = validatorsOf(document).check(schema, direction)
  let value: unknown
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const sampler = createSampler({
      document,
      random,
      direction,
      useExamples: attempt === 0,
      optional: attempt < 2 ? 'most' : attempt % 2 === 0 ? 'some' : 'none',
    })
    value = sampler(schema)
    if (check(value).length === 0) return value
  }
  return value
}
