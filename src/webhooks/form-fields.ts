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
    if (hasTooMany(text)) return undefined
    return plain.test(text) ? plainFields(text) : [...new URLSearchParams(text)]
  } catch {
    return undefined
  }
}

function hasTooMany(text: string): boolean {
  let separators = -2 // the one before the first field, and one that may end the last
  for (let at = text.indexOf('&'); at >= 0 && separators < maxFields; at = text.indexOf('&', at + 1)) separators++
  return separators >= maxFields
}

/** ASCII, and escapes of it: what nearly every form is made of. */
const plain = /^(?:[\x21-\x24\x26-\x7e]|%[0-7][0-9a-f])*$/i

/** What the platform's parser makes of a plain form, in a third of its time. */
function plainFields(text: string): Field[] {
  const fields: Field[] = []
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const at = pair.indexOf('=')
    fields.push(at < 0 ? [decoded(pair), ''] : [decoded(pair.slice(0, at)), decoded(pair.slice(at + 1))])
  }
  return fields
}

function decoded(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  return spaced.includes('%') ? decodeURIComponent(spaced) : spaced
}
