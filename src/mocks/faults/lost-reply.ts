import { networkError } from '../../core/errors.ts'
import { type Inject } from './fault.ts'

export interface LostReply {
  readonly kind: 'lost-reply'
}

/** Lets the provider act and resets the connection in place of the answer: the request had its effect. */
export const lostReply: Inject<LostReply> = () => (next) => async (request, context) => {
  await next(request, context)
  throw networkError('ECONNRESET')
}
