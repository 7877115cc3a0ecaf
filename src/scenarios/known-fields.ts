import { didYouMean } from '../core/did-you-mean.ts'
import { GoodfenceError } from '../core/errors.ts'

/**
 * Refuses what is no object, and fields that nothing reads: a misspelt one would quietly leave its behaviour at the
 * default. `maker` is the function that was called, and `of` says for which thing where there are several.
 */
export function requireKnownFields(maker: string, value: object, known: readonly string[], of = ''): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const what = Array.isArray(value) ? 'a list' : String(value)
    throw invalid(`${maker}() needs an object with ${known.join(', ')}, not ${what}.`, maker)
  }
  const stranger = Object.keys(value).find((name) => !known.includes(name))
  if (stranger === undefined) return
  const about = of === '' ? '' : ` of "${of}"`
  throw invalid(`${maker}() does not know "${stranger}"${about}.${didYouMean(stranger, known)}`, stranger)
}

/** The fields of a type, listed so that none can be forgotten. */
export function fieldsOf<T>(table: Readonly<Record<keyof T, true>>): readonly string[] {
  return Object.keys(table)
}

function invalid(message: string, path: string): GoodfenceError<'config_invalid'> {
  return new GoodfenceError('config_invalid', message, { path })
}
