import { networkCodeOf } from '../../core/errors.ts'
import { type Journal, shown } from '../../core/journal.ts'
import { maskPath } from '../../core/mask-path.ts'
import { type Layer } from '../../core/service.ts'
import { type Exchange, beginExchange } from '../exchange.ts'

export interface RecordExchangesOptions {
  readonly journal: Journal
  /** Makes the exchange that a request begins. */
  readonly open: (request: Request) => Exchange
}

/** The outermost layer of a mock: begins the exchange and writes its two ends into the journal. */
export function recordExchanges(options: RecordExchangesOptions): Layer {
  const { journal, open } = options
  return (next) => async (request, context) => {
    const exchange = open(request)
    beginExchange(request, exchange)
    const { id, method, match } = exchange
    const path = maskPath(exchange.path)
    const operation = match?.operation.name
    const headers = shown(request.headers)
    // Two literals: spreading in what may be missing costs as much as all the rest.
    journal.record(
      operation === undefined
        ? { kind: 'request', seen: 'mock', exchange: id, method, path, headers }
        : { kind: 'request', seen: 'mock', exchange: id, method, path, operation, headers },
    )
    try {
      const response = await next(request, context)
      const { summary } = exchange
      const { status } = response
      const shownHeaders = shown(response.headers)
      journal.record(
        summary === undefined
          ? { kind: 'answer', seen: 'mock', exchange: id, status, headers: shownHeaders }
          : { kind: 'answer', seen: 'mock', exchange: id, status, headers: shownHeaders, summary },
      )
      return response
    } catch (error) {
      const code = networkCodeOf(error)
      const name = error instanceof Error ? error.name : typeof error
      journal.record({
        kind: 'no-answer',
        seen: 'mock',
        exchange: id,
        error: code === undefined ? name : `${name} ${code}`,
      })
      throw error
    }
  }
}
