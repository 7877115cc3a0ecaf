import { type Schema } from './document.ts'

/** Which way a schema travels: a request may be stricter than the other side, an answer must not promise more. */
export type Side = 'request' | 'answer'

/** Where one document says more than the other, or something else. */
export interface Difference {
  readonly at: string
  readonly message: string
}

type Resolve = (schema: Schema) => Schema

/** Two schemas to compare. Pairs are made once, so that cycles end. */
interface Pair {
  readonly slice: Schema
  readonly official: Schema
  readonly side: Side
  /** One alternative against one alternative, `anyOf` being taken apart already. */
  readonly single: boolean
  verdict: Verdict
}

interface Verdict {
  readonly differences: readonly Difference[]
  readonly parts: readonly { readonly at: string; readonly pair: Pair }[]
  readonly holds: boolean
}

/**
 * Compares schemas of a slice with those of the official document.
 *
 * Every pair is believed until it fails, and pairs are looked at again until no verdict changes: the largest set of pairs
 * that agree with each other. A cycle is thus judged by what is on it, not by where it was entered.
 */
export function schemaComparison(resolveSlice: Resolve, resolveOfficial: Resolve) {
  const pairs = new Map<string, Pair>()
  const numbers = new Map<Schema, number>()
  const numberOf = (schema: Schema) => numbers.get(schema) ?? (numbers.set(schema, numbers.size), numbers.size - 1)

  function pairOf(slice: Schema, official: Schema, side: Side, single = false): Pair {
    const [ours, theirs] = [resolveSlice(slice), resolveOfficial(official)]
    const key = `${numberOf(ours)} ${numberOf(theirs)} ${side} ${single}`
    let pair = pairs.get(key)
    if (pair === undefined) {
      pair = { slice: ours, official: theirs, side, single, verdict: { differences: [], parts: [], holds: true } }
      pairs.set(key, pair)
    }
    return pair
  }

  function judge(pair: Pair): Verdict {
    const { differences, parts } = pair.single ? compareSingle(pair) : compareAlternatives(pair)
    return { differences, parts, holds: differences.length === 0 && parts.every((part) => part.pair.verdict.holds) }
  }

  function compareAlternatives({ slice, official, side }: Pair) {
    const ours = alternatives(slice, resolveSlice)
    const theirs = alternatives(official, resolveOfficial)
    const differences: Difference[] = []
    if (ours.nullable && !theirs.nullable) differences.push({ at: '', message: 'is nullable only here' })
    if (!ours.nullable && theirs.nullable && side === 'answer')
      differences.push({ at: '', message: 'can be null there, which is left out here' })

    const parts = ours.schemas.map((schema, index) => {
      const candidates = theirs.schemas.map((candidate) => pairOf(schema, candidate, side, true))
      const at = ours.schemas.length === 1 ? '' : `(${index + 1})`
      return { at, pair: bestOf(candidates) }
    })
    return { differences, parts }
  }

  function compareSingle({ slice, official, side }: Pair) {
    const differences: Difference[] = []
    const parts: { at: string; pair: Pair }[] = []
    const differ = (at: string, message: string) => differences.push({ at, message })
    const part = (at: string, ours: Schema, theirs: Schema) => parts.push({ at, pair: pairOf(ours, theirs, side) })

    const [type, officialType] = [typeOf(slice), typeOf(official)]
    if (officialType === undefined) return { differences, parts }
    if (type !== officialType) {
      differ('', `is ${type ?? 'anything'} here, ${officialType} there`)
      return { differences, parts }
    }
    for (const message of compareValues(slice, official)) differ('', message)

    for (const [name, schema] of Object.entries(slice.properties ?? {})) {
      const at = `.${name}`
      const theirs = official.properties?.[name] ?? mapOf(official)
      if (theirs === undefined) differ(at, 'does not exist there')
      else part(at, schema, theirs)
    }
    for (const name of slice.required ?? [])
      if (!official.required?.includes(name)) differ(`.${name}`, 'is required only here')
    if (side === 'request')
      for (const name of official.required ?? [])
        if (!slice.required?.includes(name)) differ(`.${name}`, 'is required there, not here')

    const message = compareOpenness(slice, official, side)
    if (message !== undefined) differ('', message)
    const [map, officialMap] = [mapOf(slice), mapOf(official)]
    if (map !== undefined && officialMap !== undefined) part('.*', map, officialMap)
    if (slice.items !== undefined && official.items !== undefined) part('[]', slice.items, official.items)
    return { differences, parts }
  }

  /** Looks at all pairs again until nothing changes; a verdict only ever goes from holding to failing. */
  function settle(): void {
    for (let changed = true; changed;) {
      changed = false
      // A Map's iterator also visits the pairs that are found on the way.
      for (const pair of pairs.values()) {
        const before = pair.verdict
        pair.verdict = judge(pair)
        if (pair.verdict.holds !== before.holds || pair.verdict.parts.length !== before.parts.length) changed = true
      }
    }
  }

  const roots: { at: string; pair: Pair }[] = []
  return {
    /** Adds two schemas to compare. */
    add: (at: string, slice: Schema, official: Schema, side: Side) =>
      void roots.push({ at, pair: pairOf(slice, official, side) }),
    /** Every difference found, each at the first place that leads to it. */
    differences(): readonly Difference[] {
      settle()
      const found: Difference[] = []
      const seen = new Set<Pair>()
      const waiting = [...roots]
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const { at, pair } = next
        if (seen.has(pair) || pair.verdict.holds) continue
        seen.add(pair)
        found.push(...pair.verdict.differences.map((one) => ({ ...one, at: at + one.at })))
        waiting.unshift(...pair.verdict.parts.map((part) => ({ at: at + part.at, pair: part.pair })))
      }
      return found
    },
  }
}

/** The pair that holds, or else the one that comes nearest. */
function bestOf(pairs: readonly Pair[]): Pair {
  const holding = pairs.find((pair) => pair.verdict.holds)
  if (holding !== undefined) return holding
  const distance = ({ slice, official, verdict }: Pair) =>
    verdict.differences.length + (typeOf(slice) === typeOf(official) ? 0 : 1_000)
  return pairs.reduce((best, pair) => (distance(pair) < distance(best) ? pair : best))
}

function alternatives(schema: Schema, resolve: Resolve): { schemas: readonly Schema[]; nullable: boolean } {
  const { anyOf, oneOf, allOf } = schema
  const nullable = schema.nullable === true
  if (allOf !== undefined) return { schemas: [joined(schema, allOf.map(resolve))], nullable }
  const listed = anyOf ?? oneOf
  if (listed === undefined || listed.length === 0) return { schemas: [schema], nullable }
  const each = listed.map((one) => alternatives(resolve(one), resolve))
  return { schemas: each.flatMap((one) => one.schemas), nullable: nullable || each.some((one) => one.nullable) }
}

const joinedSchemas = new WeakMap<Schema, Schema>()

/** `allOf` as one schema; made once per schema, so that pairs of it are found again. */
function joined(schema: Schema, parts: readonly Schema[]): Schema {
  const known = joinedSchemas.get(schema)
  if (known !== undefined) return known
  const { allOf: _, ...rest } = schema
  const all = [...parts, rest]
  const properties = Object.assign({}, ...all.map((one) => one.properties)) as Record<string, Schema>
  const result: Schema = {
    ...Object.assign({}, ...all),
    properties,
    required: all.flatMap((one) => one.required ?? []),
  }
  joinedSchemas.set(schema, result)
  return result
}

function typeOf(schema: Schema): string | undefined {
  if (schema.type !== undefined) return schema.type
  if (schema.properties !== undefined || schema.additionalProperties !== undefined) return 'object'
  if (schema.items !== undefined) return 'array'
  return schema.enum === undefined ? undefined : typeof schema.enum[0]
}

function mapOf({ additionalProperties }: Schema): Schema | undefined {
  return typeof additionalProperties === 'object' ? additionalProperties : undefined
}

/** Keywords that narrow a value. Where the slice has one, it must be the official one. */
const limits: readonly string[] = `format pattern minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum
  multipleOf minItems maxItems uniqueItems minProperties maxProperties`.split(/\s+/)

function compareValues(slice: Schema, official: Schema): readonly string[] {
  const messages = limits
    .filter((keyword) => slice[keyword] !== undefined && slice[keyword] !== official[keyword])
    .map(
      (keyword) =>
        `has ${keyword} ${JSON.stringify(slice[keyword])} here, ${JSON.stringify(official[keyword] ?? null)} there`,
    )
  if (slice.enum === undefined && official.enum !== undefined) messages.push('has fixed values there, none here')
  if (slice.enum !== undefined && official.enum === undefined) messages.push('has fixed values only here')
  const unknown = slice.enum?.filter((value) => official.enum?.includes(value) === false) ?? []
  return [...messages, ...unknown.map((value) => `has the value ${JSON.stringify(value)} only here`)]
}

/** Whether other properties are allowed: closing is right where that refuses nothing the official document knows. */
function compareOpenness(slice: Schema, official: Schema, side: Side): string | undefined {
  const [ours, theirs] = [slice.additionalProperties, official.additionalProperties]
  if (ours === false && theirs !== false) {
    const missing = Object.keys(official.properties ?? {}).filter((name) => slice.properties?.[name] === undefined)
    if (mapOf(official) !== undefined || side === 'answer') return 'is closed only here'
    return missing.length === 0 ? undefined : `is closed here, but lacks ${missing.join(', ')}`
  }
  if (ours !== false && theirs === false && side === 'request') return 'is closed there, not here'
  return mapOf(slice) !== undefined && mapOf(official) === undefined ? 'has values of any name only here' : undefined
}
