/** A request as far as it decides whether a repetition is the same request. */
export interface Parameters {
  /** URL with its query. */
  readonly path: string
  readonly body: Uint8Array<ArrayBuffer>
  readonly type: string | null
}

/** Whether two requests ask for the same thing: the order of form fields and of JSON members does not matter. */
export function sameParameters(one: Parameters, other: Parameters): boolean {
  if (one.path !== other.path) return false
  if (Buffer.compare(one.body, other.body) === 0) return true
  const type = one.type ?? ''
  if (type.includes('json')) return canonicalJson(one.body) === canonicalJson(other.body)
  if (type.includes('x-www-form-urlencoded')) return canonicalForm(one.body) === canonicalForm(other.body)
  return false
}

const decoder = new TextDecoder()

function canonicalForm(body: Uint8Array): string {
  const fields = new URLSearchParams(decoder.decode(body))
  fields.sort() // stable: repeated fields keep their order
  return fields.toString()
}

function canonicalJson(body: Uint8Array): string {
  const text = decoder.decode(body)
  try {
    return JSON.stringify(JSON.parse(text), (_, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    )
  } catch {
    return text
  }
}
