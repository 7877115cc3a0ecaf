import { type Layer } from '../../core/service.ts'

export interface BearerOptions {
  /** The token, or what gives the present one; asked again for each attempt, so that a rotated key is picked up. */
  readonly token: string | (() => string | Promise<string>)
}

/**
 * Adds `Authorization: Bearer` to each attempt.
 *
 * Place it inside retry, so that each attempt carries the token of its moment.
 */
export function bearer({ token }: BearerOptions): Layer {
  if (typeof token === 'string') {
    const value = `Bearer ${token}`
    return (next) => (request, context) => {
      // Setting costs three times as much as looking, and a request sent again has it already.
      if (request.headers.get('authorization') !== value) request.headers.set('authorization', value)
      return next(request, context)
    }
  }
  return (next) => async (request, context) => {
    request.headers.set('authorization', `Bearer ${await token()}`)
    return next(request, context)
  }
}
