import { type Layer } from '../../core/service.ts'
import { type Exchange, exchangeOf } from '../exchange.ts'
import { Refused, type Refusal } from '../refusal.ts'

/** Demands credentials: `authenticate` says no, or nothing. */
export function requireAuth(authenticate: (request: Request, exchange: Exchange) => Refusal | undefined): Layer {
  return (next) => (request, context) => {
    const refusal = authenticate(request, exchangeOf(request))
    return refusal === undefined ? next(request, context) : Promise.reject(new Refused(refusal))
  }
}
