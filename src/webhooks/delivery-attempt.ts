import { discard, joined, textOf } from '../core/body.ts'
import { type Clock } from '../core/clock.ts'
import { networkCodeOf } from '../core/errors.ts'
import { lightRequest } from '../core/light.ts'
import { type Service } from '../core/service.ts'

/** How one sending ended: with the receiver's answer, of which only what was asked for is read, or without one. */
export type Outcome = Answered | { readonly error: string }

export interface Answered {
  readonly status: number
  readonly headers?: Headers
  readonly text?: string
}

/** A sending under way. */
export interface Sending {
  readonly outcome: Promise<Outcome>
  /** Stops waiting; a receiver in the same process finishes what it began. */
  abandon(): void
}

/** What is sent. */
export interface Message {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
}

export interface SendOptions {
  /** Takes the request in the same process. Without one the request goes over the network. */
  readonly service?: Service | undefined
  readonly clock: Clock
  readonly timeoutMs: number
  /** How much of the answer is read; `beginning`: headers, and what comes at once of the body. @default 'status' */
  readonly read?: 'status' | 'headers' | 'beginning' | 'body'
}

/** Longer than any answer that a provider looks into. */
const maxAnswerBytes = 2 ** 16

/** What is shown of an answer that the provider does not look into, and how long that is waited for. */
const beginning = { bytes: 2 ** 10, withinMs: 500 }

/** Sends one message and waits for its answer, for so long. Never rejects. */
export function sendOnce(message: Message, { service, clock, timeoutMs, read = 'status' }: SendOptions): Sending {
  let abandon = () => {}
  const outcome = new Promise<Outcome>((resolve) => {
    const overNetwork = service === undefined ? new AbortController() : undefined
    const end = (result: Outcome) => {
      cancelTimer()
      resolve(result)
    }
    abandon = () => {
      overNetwork?.abort()
      end({ error: 'abandoned' })
    }
    const cancelTimer = clock.after(timeoutMs, () => {
      overNetwork?.abort()
      resolve({ error: 'timeout' })
    })
    const answer = service === undefined ? fetched(message, overNetwork?.signal) : service(lightRequest(message))
    answer
      .then((response) => readAnswer(response, read, clock))
      .then(end, (error: unknown) => end({ error: nameOf(error) }))
  })
  return { outcome, abandon }
}

/** Providers follow no redirects. */
function fetched({ url, ...init }: Message, signal: AbortSignal | undefined): Promise<Response> {
  return fetch(url, { ...init, ...(signal === undefined ? {} : { signal }), redirect: 'manual' })
}

/** An unread body would keep its socket out of the pool. */
async function readAnswer(response: Response, read: SendOptions['read'], clock: Clock): Promise<Answered> {
  const { status } = response
  if (read === 'beginning') return { status, headers: response.headers, text: await beginningOf(response, clock) }
  if (read === 'body') {
    const text = await textOf(response, { maxBytes: maxAnswerBytes })
    return { status, headers: response.headers, text }
  }
  void discard(response).catch(() => {})
  return read === 'headers' ? { status, headers: response.headers } : { status }
}

/** What comes at once: an answer counts however long, late or broken its body is. */
async function beginningOf({ body }: Response, clock: Clock): Promise<string> {
  if (body === null) return ''
  const reader = body.getReader()
  const stop = () => void reader.cancel().catch(() => {})
  const cancelTimer = clock.after(beginning.withinMs, stop)
  const chunks: Uint8Array[] = []
  let total = 0
  try {
    while (total < beginning.bytes) {
      const { done, value } = await reader.read()
      if (done) break
      chunks.push(value)
      total += value.byteLength
    }
  } catch {
    // broken off: what came before that stands
  }
  cancelTimer()
  stop()
  return new TextDecoder().decode(joined(chunks, total).subarray(0, beginning.bytes))
}

/** A failure by its kind alone: messages may hold what must not be recorded. A port that fetch blocks has no code. */
function nameOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  if (cause instanceof Error && cause.message === 'bad port') return cause.message
  return networkCodeOf(error) ?? (error instanceof Error ? error.name : typeof error)
}
