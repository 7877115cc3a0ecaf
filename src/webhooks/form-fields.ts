/** A name and its value, decoded. */
export type Field = readonly [name: string, value: string]

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Takes apart a form (`application/x-www-form-urlencoded`), in the order sent; `undefined` for what is not UTF-8. */
export function formFields(form: Uint8Array | string): readonly Field[] | undefined {
  try {
    // The ampersand keeps a question mark at the start: the parser takes one alone for the mark of a query.
    return [...new URLSearchParams(`&${typeof form === 'string' ? form : decoder.decode(form)}`)]
  } catch {
    return undefined
  }
}
