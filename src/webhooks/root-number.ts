const quote = 0x22
const backslash = 0x5c

/** How far behind the member the end of the text may lie. */
const maxRest = 1_024

/**
 * The whole number that a member of the outermost object has, as it is written, found without parsing what stands before
 * it. `undefined` where only a parser can tell: the name is there twice, or not at all, or is not seen to belong to the
 * outermost object. For JSON that somebody trusted wrote; what is no JSON at all is not noticed.
 */
export function rootNumber(json: Uint8Array, name: string): string | undefined {
  const bytes = Buffer.from(json.buffer, json.byteOffset, json.byteLength)
  const key = `"${name}"`
  const at = bytes.indexOf(key)
  if (at < 1 || bytes.length - at > maxRest || bytes.indexOf(key, at + 1) >= 0) return undefined
  const rest = bytes.toString('latin1', at + key.length)
  const [, digits = ''] = /^:(\d{1,15})(?=[,}])/.exec(rest) ?? []
  // Behind a backslash the quote would be part of a longer name.
  if (digits === '' || bytes[at - 1] === backslash || !endsRoot(bytes, at + key.length)) return undefined
  return digits
}

/** Whether the first object that ends behind a place ends the text. */
function endsRoot(bytes: Buffer, from: number): boolean {
  let depth = 0
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === quote) {
      do at = bytes.indexOf(quote, at + 1)
      while (at > 0 && isEscaped(bytes, at))
      if (at < 0) return false
    } else if (byte === 0x7b || byte === 0x5b) depth++
    else if (byte === 0x7d || byte === 0x5d) {
      if (depth > 0) depth--
      else return byte === 0x7d && at === bytes.length - 1
    }
  }
  return false
}

function isEscaped(bytes: Buffer, at: number): boolean {
  let escapes = 0
  while (bytes[at - 1 - escapes] === backslash) escapes++
  return escapes % 2 === 1
}
