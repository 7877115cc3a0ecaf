import { type Service } from '../../core/service.ts'
import { type ApiDocument } from '../../openapi/model.ts'
import { type Exchange, exchangeOf } from '../exchange.ts'
import { Refused, type Refusal } from '../refusal.ts'

export interface NotFoundOptions {
  readonly document: ApiDocument
  /** The provider's words. @default 404, or 405 with Allow where the path has other methods */
  readonly unknownUrl?: ((exchange: Exchange, allowed: readonly string[]) => Refusal) | undefined
}

/** The end of the line: refuses what no layer before answered. */
export function notFound(options: NotFoundOptions): Service {
  const { document, unknownUrl = plain } = options
  return async (request) => {
    const exchange = exchangeOf(request)
    throw new Refused(unknownUrl(exchange, document.allowed(exchange.path)))
  }
}

function plain({ method, path }: Exchange, allowed: readonly string[]): Refusal {
  if (allowed.length === 0) return { status: 404, code: 'not_found', message: `There is nothing at ${path}.` }
  return {
    status: 405,
    code: 'method_not_allowed',
    message: `${path} does not take ${method}. It takes ${allowed.join(', ')}.`,
    headers: { allow: allowed.join(', ') },
  }
}
