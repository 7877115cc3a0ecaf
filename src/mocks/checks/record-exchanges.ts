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
    const { id, method, path, match } = exchange
    journal.record({
      kind: 'request',
      seen: 'mock',
      exchange: id,
      method,
      path: maskPath(path),
      ...(match === undefined ? {} : { operation: match.operation.name }),
      headers: shown(request.headers),
    })
    try {
      const response = await next(request, context)
      const { summary } = exchange
      journal.record({
        kind: 'answer',
        seen: 'mock',
        exchange: id,
        status: response.status,
        headers: shown(response.headers),
        ...(summary === undefined ? {} : { summary }),
      })
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
