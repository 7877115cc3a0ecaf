import { type Clock } from '../core/clock.ts'
import { networkCodeOf } from '../core/errors.ts'
import { lightRequest } from '../core/light.ts'
import { type Service } from '../core/service.ts'

/** How one sending ended: with the receiver's status, or without an answer. */
export type Outcome = { readonly status: number } | { readonly error: string }

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
}

/** Sends one message and waits for its answer's status, for so long. Never rejects. */
export function sendOnce(message: Message, { service, clock, timeoutMs }: SendOptions): Sending {
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
    const answer = overNetwork === undefined ? answered(service as Service, message) : fetched(message, overNetwork)
    answer.then(
      (status) => end({ status }),
      (error: unknown) => end({ error: nameOf(error) }),
    )
  })
  return { outcome, abandon }
}

async function answered(service: Service, message: Message): Promise<number> {
  return (await service(lightRequest(message))).status
}

/** Providers follow no redirects; an unread body would keep its socket out of the pool. */
async function fetched({ url, ...init }: Message, { signal }: AbortController): Promise<number> {
  const response = await fetch(url, { ...init, signal, redirect: 'manual' })
  await response.body?.cancel()
  return response.status
}

/** A failure by its kind alone: messages may hold what must not be recorded. */
function nameOf(error: unknown): string {
  return networkCodeOf(error) ?? (error instanceof Error ? error.name : typeof error)
}
