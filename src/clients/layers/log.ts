import { type Clock, systemClock } from '../../core/clock.ts'
import { isGoodfenceError, networkCodeOf } from '../../core/errors.ts'
import { plainPath } from '../../core/mask-path.ts'
import { type Random, randomUuid, systemRandom } from '../../core/random.ts'
import { pathOf } from '../../core/record.ts'
import { type Layer } from '../../core/service.ts'
import { originalOf } from '../replay.ts'

/** What one line tells of one exchange. Nothing else of it is ever written: no body, no query, no other header. */
export interface LogLine {
  readonly atMs: number
  readonly level: 'info' | 'warn'
  /** The same for all exchanges of one call. */
  readonly correlationId: string
  readonly method: string
  readonly host: string
  /** The operation where it is known, else the path with everything but plain words replaced by `*`. */
  readonly operation: string
  readonly durationMs: number
  readonly status?: number
  /** The provider's name for this exchange: what its support asks for. */
  readonly requestId?: string
  /** Kind of failure when no answer came. */
  readonly error?: string
}

export interface LogOptions {
  /** Takes each line; what it throws is ignored. @default JSON on standard error */
  readonly write?: ((line: LogLine) => void) | undefined
  /** The application's id for what it is doing, such as its own request's. @default a valid `x-correlation-id` of the request, else a random UUID */
  readonly correlationId?: ((request: Request) => string | undefined) | undefined
  /** Hosts that are told the id, as `x-correlation-id`; third parties are not, unless they are listed. @default none */
  readonly tell?: readonly string[] | undefined
  /** @default none */
  readonly operationOf?: ((request: Request) => string | undefined) | undefined
  /** @default the system's clock */
  readonly clock?: Clock | undefined
  /** @default the system's */
  readonly random?: Random | undefined
}

const header = 'x-correlation-id'
/** What an id may look like, ours or a provider's; anything else could smuggle text into the log. */
const plainId = /^[\w.:-]{1,128}$/

/** Writes one structured line for each exchange. */
export function log(options: LogOptions = {}): Layer {
  const { write = toStandardError, tell = [], clock = systemClock, random = systemRandom } = options
  const { operationOf, correlationId } = options
  const told = new Set(tell)
  const ids = new WeakMap<Request, string>()

  function idOf(request: Request): string {
    const call = originalOf(request)
    const known = correlationId?.(request) ?? ids.get(call) ?? request.headers.get(header) ?? ''
    const id = plainId.test(known) ? known : randomUuid(random)
    ids.set(call, id)
    return id
  }

  return (next) => async (request, context) => {
    const id = idOf(request)
    const host = hostOf(request.url)
    if (told.has(host)) request.headers.set(header, id)
    else request.headers.delete(header)
    const atMs = clock.now()
    const startedMs = clock.monotonic()
    const end = (level: LogLine['level'], outcome: Pick<LogLine, 'status' | 'requestId' | 'error'>) => {
      const { method, url } = request
      const operation = operationOf?.(request) ?? plainPath(pathOf(url))
      const durationMs = clock.monotonic() - startedMs
      try {
        write({ atMs, level, correlationId: id, method, host, operation, durationMs, ...outcome })
      } catch {
        // A log that fails must not turn an answer into a failure.
      }
    }
    try {
      const response = await next(request, context)
      const { status, headers } = response
      const requestId = headers.get('request-id') ?? headers.get('x-request-id')
      const named = requestId !== null && plainId.test(requestId) && { requestId }
      end(status < 500 && status !== 429 ? 'info' : 'warn', { status, ...named })
      return response
    } catch (error) {
      end('warn', { error: kindOf(error) })
      throw error
    }
  }
}

function toStandardError(line: LogLine): void {
  process.stderr.write(`${JSON.stringify(line)}\n`)
}

/** The host of an absolute URL, without credentials. */
function hostOf(url: string): string {
  const start = url.indexOf('//') + 2
  const end = url.slice(start).search(/[/?#]/)
  const authority = end < 0 ? url.slice(start) : url.slice(start, start + end)
  return authority.slice(authority.lastIndexOf('@') + 1)
}

/** A failure by its kind alone: messages may hold what must not be written. */
function kindOf(error: unknown): string {
  if (isGoodfenceError(error)) return error.code
  return networkCodeOf(error) ?? (error instanceof Error ? error.name : typeof error)
}
