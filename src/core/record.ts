import { type Journal, type Seen, shown } from './journal.ts'
import { networkCodeOf } from './errors.ts'
import { maskPath } from './mask-path.ts'
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
  return (next) => (request, context) => {
    const exchange = nextExchange()
    const operation = operationOf?.(request)
    const { method } = request
    const path = maskPath(pathOf(request.url))
    const headers = shown(request.headers)
    journal.record(
      operation === undefined
        ? { kind: 'request', seen, exchange, method, path, headers }
        : { kind: 'request', seen, exchange, method, path, operation, headers },
    )
    return next(request, context).then(
      (response) => {
        journal.record({ kind: 'answer', seen, exchange, status: response.status, headers: shown(response.headers) })
        return response
      },
      (error: unknown) => {
        journal.record({ kind: 'no-answer', seen, exchange, error: nameOf(error) })
        throw error
      },
    )
  }
}

/** The path of an absolute URL, without parsing the rest. */
export function pathOf(url: string): string {
  if (url !== lastUrl) {
    lastPath = cutPath(url)
    lastUrl = url
  }
  return lastPath
}

// One exchange is recorded in up to three places, one after the other.
let lastUrl = ''
let lastPath = '/'

function cutPath(url: string): string {
  const start = url.indexOf('/', url.indexOf('//') + 2)
  if (start < 0) return '/'
  const query = url.indexOf('?', start)
  const fragment = url.indexOf('#', start)
  const end = query < 0 ? fragment : fragment < 0 ? query : Math.min(query, fragment)
  return end < 0 ? url.slice(start) : url.slice(start, end)
}

/** A failure by its kind alone: messages may hold what must not be recorded. */
function nameOf(error: unknown): string {
  const code = networkCodeOf(error)
  return `${error instanceof Error ? error.name : typeof error}${code === undefined ? '' : ` ${code}`}`
}
