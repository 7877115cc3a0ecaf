import { GoodfenceError } from './errors.ts'
import { lightBodyOf } from './light.ts'

export interface BodyLimits {
  /** More than this is refused with `body_too_large`. @default 10 MiB */
  readonly maxBytes?: number
}

const remembered = new WeakMap<Request | Response, Promise<Uint8Array<ArrayBuffer>>>()

/**
 * Reads a body once and remembers it for that message, so that every layer sees the same bytes and none clones.
 *
 * Rejects with `body_too_large` as soon as the limit is passed, without reading on; with `body_consumed`
 * when someone else has read the body before. A light message knows its bytes: they cost nothing and stay unread.
 */
export function bytesOf(message: Request | Response, limits: BodyLimits = {}): Promise<Uint8Array<ArrayBuffer>> {
  const { maxBytes = 10 * 2 ** 20 } = limits
  const light = lightBodyOf(message)
  if (light !== undefined) {
    const known = light.knownBytes ?? empty
    return known.byteLength > maxBytes ? Promise.reject(tooLarge(maxBytes)) : Promise.resolve(known)
  }
  let bytes = remembered.get(message)
  if (bytes === undefined) {
    bytes = read(message, maxBytes)
    remembered.set(message, bytes)
  }
  return bytes
}

/** The body as UTF-8 text, read once as `bytesOf` does. */
export async function textOf(message: Request | Response, limits?: BodyLimits): Promise<string> {
  return decoder.decode(await bytesOf(message, limits))
}

/** Tells the sender that nobody will read the body, so that its socket is free again. Does nothing to one being read. */
export async function discard(message: Request | Response): Promise<void> {
  const light = lightBodyOf(message)
  if (light !== undefined) return light.spend()
  if (message.body !== null && !message.body.locked) await message.body.cancel()
}

/** Tells `bytesOf` what a message's bytes are, when its maker knows them already. */
export function rememberBytes(message: Request | Response, bytes: Uint8Array<ArrayBuffer>): void {
  remembered.set(message, Promise.resolve(bytes))
}

const empty = new Uint8Array(0)
const decoder = new TextDecoder()

async function read(message: Request | Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  if (message.bodyUsed) {
    throw new GoodfenceError(
      'body_consumed',
      'The body was read by someone else before its bytes were needed. Read it through bytesOf(), or hand over the message unread.',
      { mend: 'read the body through bytesOf()' },
    )
  }
  if (message.body === null) return empty
  const chunks: Uint8Array[] = []
  let total = 0
  for await (const chunk of message.body) {
    total += chunk.byteLength
    // Leaving the loop cancels the stream: the sender is told to stop.
    if (total > maxBytes) throw tooLarge(maxBytes)
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(total)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  return bytes
}

function tooLarge(maxBytes: number): GoodfenceError {
  return new GoodfenceError('body_too_large', `The body is larger than the ${maxBytes} bytes allowed here.`, {
    maxBytes,
  })
}
