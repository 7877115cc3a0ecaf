import { bytesOf } from '../../core/body.ts'
import { type Inject } from './fault.ts'
import { withBody } from './reply.ts'

export interface MalformedJson {
  readonly kind: 'malformed-json'
}

/** Lets the provider act and garbles its answer: status and headers are right, the body is not JSON. */
export const malformedJson: Inject<MalformedJson> = () => (next) => async (request, context) => {
  const response = await next(request, context)
  const bytes = await bytesOf(response)
  if (bytes.byteLength === 0) return response
  const garbled = garble(bytes)
  return withBody(response, garbled, garbled.byteLength)
}

const [tab, space, comma] = [0x09, 0x20, 0x2c]

/** No JSON text ends with a comma, so the last byte that is not white space becomes one. */
function garble(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  let end = bytes.byteLength
  while (end > 1 && isSpace(bytes[end - 1] as number)) end--
  const garbled = bytes.slice(0, end)
  garbled[end - 1] = comma
  return garbled
}

function isSpace(byte: number): boolean {
  return byte === space || (byte >= tab && byte <= 0x0d)
}
