import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'

const inflaters = { gzip: gunzipSync, 'x-gzip': gunzipSync, deflate: inflateSync, br: brotliDecompressSync }

/** The content encodings that can be undone. */
export type BodyEncoding = keyof typeof inflaters

/** A body of repeated text shrinks to a twentieth; one that grows more was made to. */
const maxRatio = 100

/** Whether bodies of this encoding can be undone. */
export function isBodyEncoding(encoding: string): encoding is BodyEncoding {
  return Object.hasOwn(inflaters, encoding)
}

/**
 * Undoes a content encoding. Stops at `maxBytes` and at a hundred times what came in: `too_large`; what is not in
 * that encoding is `unreadable`.
 */
export function inflate(
  body: Uint8Array,
  encoding: BodyEncoding,
  maxBytes: number,
): Uint8Array<ArrayBuffer> | 'too_large' | 'unreadable' {
  try {
    const maxOutputLength = Math.max(1, Math.min(maxBytes, body.length * maxRatio))
    return new Uint8Array(inflaters[encoding](body, { maxOutputLength }))
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too_large' : 'unreadable'
  }
}
