import { bytesOf } from '../../src/core/body.ts'
import { networkError } from '../../src/core/errors.ts'
import { signalOf } from '../../src/core/light.ts'
import { type Context, type Service } from '../../src/core/service.ts'
import { type Clock } from '../../src/core/clock.ts'

/** One answer: a status, a whole answer, no answer (`reset`), an answer that never comes, or whatever a service does. */
export type Line = number | Response | Error | 'reset' | 'hang' | Service

/** A provider that answers by the script, the last line for ever, and keeps what it saw. */
export interface Scripted extends Service {
  readonly requests: readonly Seen[]
}

export interface Seen {
  readonly atMs: number
  readonly method: string
  readonly headers: Headers
  readonly body: string
  readonly context: Context | undefined
}

/** Makes a provider that keeps the contract of services: it rejects when its signal aborts. */
export function scripted(clock: Pick<Clock, 'monotonic'>, ...lines: readonly Line[]): Scripted {
  const requests: Seen[] = []
  const service: Service = async (request, context) => {
    const { method } = request
    const seen = { atMs: clock.monotonic(), method, headers: new Headers(request.headers), context }
    const line = lines[Math.min(requests.length, lines.length - 1)] ?? 200
    const entry = { ...seen, body: '' }
    requests.push(entry)
    entry.body = new TextDecoder().decode(await bytesOf(request))
    if (typeof line === 'function') return line(request, context)
    if (typeof line === 'number') return new Response(line === 204 ? null : `answer ${line}`, { status: line })
    if (line instanceof Response) return line
    if (line === 'reset') throw networkError('ECONNRESET')
    if (line === 'hang') return hang(context?.signal ?? signalOf(request))
    throw line
  }
  return Object.assign(service, { requests })
}

/** Never answers; rejects when the signal aborts. */
export function hang(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason)
    signal?.addEventListener('abort', () => reject(signal.reason))
  })
}

/** How a promise stands after everything that can run has run: the value, the error, or that it is still open. */
export async function settledBy<T>(promise: Promise<T>): Promise<T | { readonly rejected: unknown } | 'open'> {
  const open = new Promise<'open'>((resolve) => void setImmediate(() => setImmediate(resolve, 'open')))
  return Promise.race([promise.catch((error: unknown) => ({ rejected: error })), open])
}

/** Reads a body as the stream that it is. */
export async function drain(response: Response): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = []
  for await (const chunk of response.body ?? []) chunks.push(chunk)
  return chunks
}

/** A GET of the test's provider. */
export function get(init: RequestInit = {}): Request {
  return new Request('https://api.test/charges', init)
}

/** A POST with a body. */
export function post(headers: Record<string, string> = {}, init: RequestInit = {}): Request {
  return new Request('https://api.test/charges', { method: 'POST', body: 'amount=1', headers, ...init })
}
