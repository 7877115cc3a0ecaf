import { endOfString } from './json-depth.ts'
import { pointerSteps } from './parsed-body.ts'

const quote = 0x22
const comma = 0x2c
const colon = 0x3a
const openArray = 0x5b
const closeArray = 0x5d
const openObject = 0x7b
const closeObject = 0x7d

const decoder = new TextDecoder()

/**
 * The bytes of each element of the array at a JSON pointer, as they stand in the text: printing an element again would
 * lose digits of long numbers. `undefined` where there is no array. The text must be JSON in UTF-8.
 */
export function jsonItems(json: Uint8Array<ArrayBuffer>, pointer: string): Uint8Array<ArrayBuffer>[] | undefined {
  let at: number | undefined = json[0] === 0xef ? 3 : 0 // a byte order mark
  for (const step of pointerSteps(pointer)) {
    at = memberAt(json, skipSpace(json, at), step)
    if (at === undefined) return undefined
  }
  at = skipSpace(json, at)
  if (json[at] !== openArray) return undefined
  const items: Uint8Array<ArrayBuffer>[] = []
  for (at = skipSpace(json, at + 1); at < json.length && json[at] !== closeArray;) {
    const end = endOfValue(json, at)
    items.push(json.slice(at, end))
    at = afterComma(json, end)
  }
  return items
}

/** Where the value of an object's member begins. Of members with the same name the last counts, as in `JSON.parse`. */
function memberAt(json: Uint8Array, object: number, name: string): number | undefined {
  if (json[object] !== openObject) return undefined
  let found: number | undefined
  for (let at = skipSpace(json, object + 1); at < json.length && json[at] !== closeObject;) {
    const end = endOfString(json, at) + 1
    const value = skipSpace(json, skipTo(json, end, colon) + 1)
    if (JSON.parse(decoder.decode(json.subarray(at, end))) === name) found = value
    at = afterComma(json, endOfValue(json, value))
  }
  return found
}

function endOfValue(json: Uint8Array, start: number): number {
  const first = json[start]
  if (first === quote) return endOfString(json, start) + 1
  if (first === openObject || first === openArray) return endOfNested(json, start)
  let at = start
  while (at < json.length && !isDelimiter(json[at] as number)) at++
  return at
}

function endOfNested(json: Uint8Array, start: number): number {
  let depth = 0
  for (let at = start; at < json.length; at++) {
    const byte = json[at]
    if (byte === quote) at = endOfString(json, at)
    else if (byte === openObject || byte === openArray) depth++
    else if ((byte === closeObject || byte === closeArray) && --depth === 0) return at + 1
  }
  return json.length
}

function afterComma(json: Uint8Array, at: number): number {
  const next = skipSpace(json, at)
  return json[next] === comma ? skipSpace(json, next + 1) : next
}

function skipTo(json: Uint8Array, from: number, byte: number): number {
  const at = json.indexOf(byte, from)
  return at < 0 ? json.length : at
}

function skipSpace(json: Uint8Array, from: number): number {
  let at = from
  while (isSpace(json[at])) at++
  return at
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

function isDelimiter(byte: number): boolean {
  return byte === comma || byte === closeArray || byte === closeObject || isSpace(byte)
}
