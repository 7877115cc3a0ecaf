import { keptKeys } from './kept-keys.ts'

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
const comma = 0x2c
const closing = 0x7d

/** How far behind the member the end of the text may lie. */
const maxRest = 1_024

/**
 * The whole number that a member of the outermost object has, as it is written, found without parsing what stands before
 * it. `undefined` where only a parser can tell: the name is not there, or its last place is not seen to belong to the outermost
 * object. For JSON that somebody trusted wrote; what is no JSON at all is not noticed.
 */
export function rootNumber(json: Uint8Array, name: string): string | undefined {
  const bytes = Buffer.isBuffer(json) ? json : Buffer.from(json.buffer, json.byteOffset, json.byteLength)
  const key = quoted(name)
  // Of a name that is there twice, a parser takes the last.
  const at = bytes.lastIndexOf(key)
  if (at < 1 || bytes.length - at > maxRest) return undefined
  const start = at + key.length + 1
  let end = start
  while (isDigit(bytes[end])) end++
  const isWhole = bytes[start - 1] === colon && end > start && (bytes[end] === comma || bytes[end] === closing)
  // Behind a backslash the quote would be part of a longer name.
  if (!isWhole || end - start > maxDigits || bytes[at - 1] === backslash || !endsRoot(bytes, end)) return undefined
  return bytes.toString('latin1', start, end)
}

/** Bytes are found faster than text. */
const quoted = keptKeys((name) => Buffer.from(`"${name}"`))

/** More would be no whole number that can be told exactly. */
const maxDigits = 15

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
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
    else if (byte === closing || byte === 0x5d) {
      if (depth > 0) depth--
      else return byte === closing && at === bytes.length - 1
    }
  }
  return false
}

function isEscaped(bytes: Buffer, at: number): boolean {
  let escapes = 0
  while (bytes[at - 1 - escapes] === backslash) escapes++
  return escapes % 2 === 1
}
