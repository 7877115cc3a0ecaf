import { type Journal, type Seen, shown } from './journal.ts'
import { networkCodeOf } from './errors.ts'
import { type Layer } from './service.ts'

export interface RecordOptions {
  readonly journal: Journal
  /** Names exchanges; the names are unique within `seen`. @default counts from 1 */
  readonly nextExchange?: () => string
  /** The operation's name for the journal. @default none */
  readonly operationOf?: (request: Request) => string | undefined
}

/** Writes each exchange that passes here into the journal: its request, then its answer or the lack of one. */
export function record(seen: Seen, options: RecordOptions): Layer {
  let count = 0
  const { journal, nextExchange = () => `${seen}-${++count}`, operationOf } = options
  return (next) => async (request, context) => {
    const exchange = nextExchange()
    const operation = operationOf?.(request)
    journal.record({
      kind: 'request',
      seen,
      exchange,
      method: request.method,
      path: pathOf(request.url),
      ...(operation === undefined ? {} : { operation }),
      headers: shown(request.headers),
    })
    try {
      const response = await next(request, context)
      journal.record({ kind: 'answer', seen, exchange, status: response.status, headers: shown(response.headers) })
      return response
    } catch (error) {
      journal.record({ kind: 'no-answer', seen, exchange, error: nameOf(error) })
      throw error
    }
  }
}

/** The path of an absolute URL, without parsing the rest. */
export function pathOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('//') + 2)
  if (start < 0) return '/'
  const end = url.slice(start).search(/[?#]/)
  return end < 0 ? url.slice(start) : url.slice(start, start + end)
}

/** A failure by its kind alone: messages may hold what must not be recorded. */
function nameOf(error: unknown): string {
  const code = networkCodeOf(error)
  return `${error instanceof Error ? error.name : typeof error}${code === undefined ? '' : ` ${code}`}`
}
