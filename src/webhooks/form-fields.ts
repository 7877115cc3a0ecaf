/** A name and its value, decoded. */
export type Field = readonly [name: string, value: string]

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** More than any provider sends. A stranger's megabyte of fields would take the time of hundreds of deliveries. */
const maxFields = 10_000

/**
 * Takes apart a form (`application/x-www-form-urlencoded`), in the order sent; `undefined` for what is not UTF-8 or has
 * more than 10,000 fields.
 */
export function formFields(form: Uint8Array | string): readonly Field[] | undefined {
  try {
    // The ampersand keeps a question mark at the start: the parser takes one alone for the mark of a query.
    const text = `&${typeof form === 'string' ? form : decoder.decode(form)}`
    return hasTooMany(text) ? undefined : [...new URLSearchParams(text)]
  } catch {
    return undefined
  }
}

function hasTooMany(text: string): boolean {
  let separators = -2 // the one before the first field, and one that may end the last
  for (let at = text.indexOf('&'); at >= 0 && separators < maxFields; at = text.indexOf('&', at + 1)) separators++
  return separators >= maxFields
}
