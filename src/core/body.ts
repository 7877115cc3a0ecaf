import { GoodfenceError } from './errors.ts'
import { lightBodyOf } from './light.ts'
import { type Service } from './service.ts'

export interface BodyLimits {
  /** More than this is refused with `body_too_large`. @default 10 MiB */
  readonly maxBytes?: number
  /** Ends the reading of a body that is slow to come: the rejection is its reason. @default reads to the end */
  readonly signal?: AbortSignal | undefined
}

/** Reads the bytes of one message, within limits. */
export type ReadBytes = (limits: BodyLimits) => Promise<Uint8Array<ArrayBuffer>>

const remembered = new WeakMap<Request | Response, Promise<Uint8Array<ArrayBuffer>>>()
const readers = new WeakMap<Request, ReadBytes>()
const frugal = new WeakSet<Service>()

/**
 * Reads a body once and remembers it for that message, so that every layer sees the same bytes and none clones.
 *
 * Rejects with `body_too_large` as soon as the limit is passed, without reading on; with `body_consumed`
 * when someone else has read the body before. The limits are those of the first who asks. A light message knows its bytes: they cost nothing and stay unread.
 */
export function bytesOf(message: Request | Response, limits: BodyLimits = {}): Promise<Uint8Array<ArrayBuffer>> {
  const { maxBytes = 10 * 2 ** 20, signal } = limits
  const light = lightBodyOf(message)
  if (light !== undefined && (light.known !== null || !readers.has(message as Request))) {
    const known = light.knownBytes ?? empty
    return known.byteLength > maxBytes ? Promise.reject(tooLarge(maxBytes)) : Promise.resolve(known)
  }
  let bytes = remembered.get(message)
  if (bytes === undefined) {
    bytes = readers.get(message as Request)?.(limits) ?? read(message, maxBytes, signal)
    remembered.set(message, bytes)
  }
  return bytes
}

/** Whether a message's bytes are in memory already: no sender can be slow with them. */
export function isAtHand(message: Request): boolean {
  return lightBodyOf(message) !== undefined && !readers.has(message)
}

/** Tells `bytesOf` how to read a request's body, which nobody has asked for so far. */
export function readBytesWith(request: Request, read: ReadBytes): void {
  readers.set(request, read)
}

/**
 * Marks a service that reads bodies through `bytesOf` alone and sets limits of its own: an adapter hands it each
 * request before its body has come, so that the limits are told once and nothing is read in vain.
 */
export function readsWithinLimits<Own extends Service>(service: Own): Own {
  frugal.add(service)
  return service
}

/** Whether a service is one that `readsWithinLimits` marked. */
export function doesReadWithinLimits(service: Service): boolean {
  return frugal.has(service)
}

/** The body as UTF-8 text, read once as `bytesOf` does. */
export async function textOf(message: Request | Response, limits?: BodyLimits): Promise<string> {
  return decoder.decode(await bytesOf(message, limits))
}

/** The body as JSON; undefined where there is no text at all. Rejects with a `SyntaxError` when it is something else. */
export async function jsonOf(message: Request | Response): Promise<unknown> {
  if (lightBodyOf(message)?.isUnwritten === true) return message.json()
  const text = await message.text()
  return text === '' ? undefined : JSON.parse(text)
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

/** The same request with these bytes for its body, which `bytesOf` knows already. */
export function withBody(request: Request, bytes: Uint8Array<ArrayBuffer>): Request {
  // oxlint-disable-next-line unicorn/no-invalid-fetch-options -- the method is the request's own, which has a body
  const copy = new Request(request, { body: bytes })
  rememberBytes(copy, bytes)
  return copy
}

const empty = new Uint8Array(0)
const decoder = new TextDecoder()

async function read(
  message: Request | Response,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  if (message.bodyUsed) {
    throw new GoodfenceError(
      'body_consumed',
      'The body was read by someone else before its bytes were needed. Hand over the message unread, before any body parser, or read it through bytesOf().',
      { mend: 'read the body through bytesOf()' },
    )
  }
  if (message.body === null) return empty
  const reader = message.body.getReader()
  // Ends the read that waits as well, whatever the sender does.
  const stop = () => void reader.cancel(signal?.reason).catch(() => {})
  signal?.addEventListener('abort', stop, { once: true })
  try {
    const chunks: Uint8Array[] = []
    let total = 0
    for (;;) {
      signal?.throwIfAborted()
      const { done, value } = await reader.read()
      signal?.throwIfAborted()
      if (done) return joined(chunks, total)
      total += value.byteLength
      if (total > maxBytes) throw tooLarge(maxBytes)
      chunks.push(value)
    }
  } finally {
    signal?.removeEventListener('abort', stop)
    stop()
  }
}

/** One array of its own: chunks may be windows on a larger buffer, which they would keep alive. */
export function joined(chunks: readonly Uint8Array[], total: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(total)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  return bytes
}

/** The refusal of a body over its limit. */
export function tooLarge(maxBytes: number): GoodfenceError {
  return new GoodfenceError('body_too_large', `The body is larger than the ${maxBytes} bytes allowed here.`, {
    maxBytes,
  })
}
