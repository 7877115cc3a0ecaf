import { GoodfenceError } from '../../core/errors.ts'
import { type Random, randomUuid, systemRandom } from '../../core/random.ts'
import { type Layer } from '../../core/service.ts'
import { ownRequest } from '../replay.ts'

export interface IdempotencyKeyOptions {
  /** Some providers have a name of their own, such as `PayPal-Request-Id`. @default 'idempotency-key' */
  readonly header?: string | undefined
  /** @default POST and PATCH */
  readonly methods?: readonly string[] | undefined
  /** Makes a key. Give the business operation's own name where there is one: it outlives the process. @default a random UUID */
  readonly mint?: ((request: Request) => string) | undefined
  /** Sends the key as a structured field's string, in quotes, as the IETF draft says and few providers do. @default false */
  readonly quoted?: boolean | undefined
  /** @default the system's */
  readonly random?: Random | undefined
}

/**
 * Gives each call that changes something a key, so that the provider does it once however often it is
 * sent. A key that the caller has set stays, unless it is empty.
 *
 * Place it outside retry, so that all attempts carry the same key.
 */
export function idempotencyKey(options: IdempotencyKeyOptions = {}): Layer {
  const { header = 'idempotency-key', methods = ['POST', 'PATCH'], quoted = false, random = systemRandom } = options
  const { mint = () => randomUuid(random) } = options
  const keyed = new Set(methods)
  return (next) => (request, context) => {
    if (!keyed.has(request.method) || request.headers.get(header)) return next(request, context)
    const key = mint(request)
    if (typeof key !== 'string' || key === '') {
      const mend = 'let it return a text, the same for the same operation and no other'
      return Promise.reject(
        new GoodfenceError('usage', `key.mint gave ${JSON.stringify(key)} for a key; ${mend}.`, { mend }),
      )
    }
    // On a request of its own: the same one given to another call is another operation.
    const own = ownRequest(request)
    own.headers.set(header, quoted ? JSON.stringify(key) : key)
    return next(own, context)
  }
}
