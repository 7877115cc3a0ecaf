import { discard, textOf } from '../core/body.ts'
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
  /** How much of the answer is read. @default 'status' */
  readonly read?: 'status' | 'headers' | 'body'
}

/** Longer than any answer that a provider looks into. */
const maxAnswerBytes = 2 ** 16

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
    answer.then((response) => readAnswer(response, read)).then(end, (error: unknown) => end({ error: nameOf(error) }))
  })
  return { outcome, abandon }
}

/** Providers follow no redirects. */
function fetched({ url, ...init }: Message, signal: AbortSignal | undefined): Promise<Response> {
  return fetch(url, { ...init, ...(signal === undefined ? {} : { signal }), redirect: 'manual' })
}

/** An unread body would keep its socket out of the pool. */
async function readAnswer(response: Response, read: SendOptions['read']): Promise<Answered> {
  const { status } = response
  if (read === 'body') {
    const text = await textOf(response, { maxBytes: maxAnswerBytes })
    return { status, headers: response.headers, text }
  }
  void discard(response).catch(() => {})
  return read === 'headers' ? { status, headers: response.headers } : { status }
}

/** A failure by its kind alone: messages may hold what must not be recorded. */
function nameOf(error: unknown): string {
  return networkCodeOf(error) ?? (error instanceof Error ? error.name : typeof error)
}
