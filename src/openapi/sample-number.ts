import { type Random } from '../core/random.ts'
import { type Merged } from './merge.ts'

/** Draws a number that fits the keywords of a schema for numbers. */
export function sampleNumber(schema: Merged, type: 'integer' | 'number', random: Random): number {
  const { least, most } = limitsOf(schema, type)
  const multiple = schema['multipleOf']
  if (typeof multiple === 'number' && multiple > 0) {
    const from = Math.ceil(least / multiple)
    const to = Math.max(from, Math.floor(most / multiple))
    return tidy(between(from, to, random) * multiple, multiple)
  }
  if (type === 'integer') return between(Math.ceil(least), Math.floor(most), random)
  const drawn = least + random() * (most - least)
  const rounded = Math.round(drawn * 100) / 100
  return rounded >= least && rounded <= most ? rounded : drawn
}

/** Room for the number, one step inside limits that are exclusive; moderate where there is none. */
function limitsOf(schema: Merged, type: 'integer' | 'number'): { least: number; most: number } {
  const step = type === 'integer' ? 1 : 1e-9
  let least = numberIn(schema['minimum'])
  let most = numberIn(schema['maximum'])
  const { exclusiveMinimum: above, exclusiveMaximum: below } = schema
  if (above === true && least !== undefined) least += stepAt(least, step)
  if (below === true && most !== undefined) most -= stepAt(most, step)
  if (typeof above === 'number') least = Math.max(least ?? -Infinity, above + stepAt(above, step))
  if (typeof below === 'number') most = Math.min(most ?? Infinity, below - stepAt(below, step))
  if (schema['format'] === 'int8') most = Math.min(most ?? Infinity, 127)
  if (schema['format'] === 'uint8') most = Math.min(most ?? Infinity, 255)
  least ??= most === undefined || most >= 0 ? 0 : most - 1_000
  most ??= Math.max(least + 1_000, 1_000)
  return { least, most: Math.max(least, most) }
}

/** The least step that still changes a number of this size. */
function stepAt(value: number, step: number): number {
  return Math.max(step, Math.abs(value) * Number.EPSILON * 2)
}

function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

function between(least: number, most: number, random: Random): number {
  return least + Math.floor(random() * (Math.max(most, least) - least + 1))
}

/** 3 * 0.1 is not 0.3: rounds to the places that the multiple has. */
function tidy(value: number, multiple: number): number {
  const places = (String(multiple).split('.')[1] ?? '').length
  return places > 0 && places < 15 ? Number(value.toFixed(places)) : value
}
