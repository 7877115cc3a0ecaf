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
  const garbled = bytes.slice()
  garbled[garbled.byteLength - 1] = comma // no JSON text ends with one
  return withBody(response, garbled, garbled.byteLength)
}

const comma = 0x2c
