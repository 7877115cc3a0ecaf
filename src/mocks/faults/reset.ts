import { networkError } from '../../core/errors.ts'
import { type Inject } from './fault.ts'

export interface Reset {
  readonly kind: 'reset'
}

/** Resets the connection before the provider acts: the request had no effect. */
export const reset: Inject<Reset> = () => () => async () => {
  throw networkError('ECONNRESET')
}
