import { bytesOf } from '../../core/body.ts'
import { type Layer } from '../../core/service.ts'
import { type ApiDocument, type Problem } from '../../openapi/model.ts'
import { validateRequest } from '../../openapi/validate-request.ts'
import { type Exchange, exchangeOf } from '../exchange.ts'
import { Refused, type Refusal } from '../refusal.ts'

export interface ValidateRequestsOptions {
  readonly document: ApiDocument
  /** Refuses what the document does not allow. Without it requests are read as far as they can be. */
  readonly enforce: boolean
  readonly maxBodyBytes: number
  /** Says no by the headers alone, before the body is read. */
  readonly accepts?: ((request: Request, exchange: Exchange) => Refusal | undefined) | undefined
  /** Puts problems into the provider's words. `undeclared` are query parameters that the document does not know. */
  readonly invalid: (
    problems: readonly Problem[],
    undeclared: readonly string[],
    exchange: Exchange,
  ) => Refusal | undefined
}

/** Reads each request as its operation declares it, for everything further in, and refuses what does not fit. */
export function validateRequests(options: ValidateRequestsOptions): Layer {
  const { document, enforce, maxBodyBytes, accepts, invalid } = options
  return (next) => async (request, context) => {
    const exchange = exchangeOf(request)
    const { match } = exchange
    if (match === undefined) return next(request, context)
    const unfit = accepts?.(request, exchange)
    if (unfit !== undefined) throw new Refused(unfit)

    const body = await bytesOf(request, { maxBytes: maxBodyBytes })
    const { value, problems, undeclared } = validateRequest(document, match.operation, {
      params: match.params,
      query: exchange.query,
      headers: request.headers,
      contentType: request.headers.get('content-type'),
      body,
    })
    const refusal = enforce ? invalid(problems, undeclared, exchange) : undefined
    if (refusal !== undefined) throw new Refused(refusal)
    exchange.input = { path: match.params, query: value.query, body: value.body }
    return next(request, context)
  }
}
