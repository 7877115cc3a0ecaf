import { didYouMean } from '../core/did-you-mean.ts'
import { GoodfenceError } from '../core/errors.ts'

/**
 * Refuses what is no object, and fields that nothing reads: a misspelt one would quietly leave its behaviour at the
 * default. `maker` is the function that was called, `of` says for which thing where there are several.
 */
export function requireKnownFields(maker: string, value: unknown, known: readonly string[], of = ''): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const what = Array.isArray(value) ? 'a list' : String(value)
    throw new GoodfenceError('config_invalid', `${maker}() needs an object with ${known.join(', ')}, not ${what}.`, {
      path: of,
    })
  }
  for (const name of Object.keys(value)) {
    if (known.includes(name)) continue
    const about = of === '' ? '' : ` of "${of}"`
    throw new GoodfenceError(
      'config_invalid',
      `${maker}() does not know "${name}"${about}.${didYouMean(name, known)}`,
      {
        path: name,
      },
    )
  }
}

/** The fields of a type, listed so that none can be forgotten. */
export function fieldsOf<T>(table: Readonly<Record<keyof T, true>>): readonly string[] {
  return Object.keys(table)
}
