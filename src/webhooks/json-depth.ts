const quote = 0x22
const backslash = 0x5c
const openers = [0x5b, 0x7b] // [ {
const closers = [0x5d, 0x7d] // ] }

/** No event of a provider comes near; what is deeper makes recursive code run out of stack. */
const maxDepth = 64

/** Asks whether JSON in UTF-8 is nested deeper than 64 levels, without building any of it. */
export function isTooDeep(json: Uint8Array): boolean {
  return hasManyOpeners(json) && nestsTooDeep(json)
}

/** Fewer than it takes to nest so deep is what nearly every event has; to count them costs a fifth of reading all. */
function hasManyOpeners(json: Uint8Array): boolean {
  let count = 0
  for (const opener of openers)
    for (let at = json.indexOf(opener); at >= 0; at = json.indexOf(opener, at + 1)) if (++count > maxDepth) return true
  return false
}

function nestsTooDeep(json: Uint8Array): boolean {
  let depth = 0
  for (let at = 0; at < json.length; at++) {
    const byte = json[at] as number
    if (byte === quote) {
      at = endOfString(json, at)
    } else if (byte === openers[0] || byte === openers[1]) {
      if (++depth > maxDepth) return true
    } else if (byte === closers[0] || byte === closers[1]) {
      depth--
    }
  }
  return false
}

/** Place of the quote that ends the string beginning at `start`; the end of the text when none does. */
export function endOfString(json: Uint8Array, start: number): number {
  for (let at = json.indexOf(quote, start + 1); at > 0; at = json.indexOf(quote, at + 1)) {
    let escapes = 0
    while (json[at - 1 - escapes] === backslash) escapes++
    if (escapes % 2 === 0) return at
  }
  return json.length
}
