import { rememberBytes } from '../core/body.ts'
import { type Clock } from '../core/clock.ts'
import { networkCodeOf } from '../core/errors.ts'
import { type Service } from '../core/service.ts'

/** How one sending ended: with the receiver's status, or without an answer. */
export type Outcome = { readonly status: number } | { readonly error: string }

/** A sending under way. */
export interface Sending {
  readonly outcome: Promise<Outcome>
  /** Stops waiting; a receiver in the same process finishes what it began. */
  abandon(): void
}

export interface SendOptions {
  /** Takes the request in the same process. Without one the request goes over the network. */
  readonly service?: Service | undefined
  readonly clock: Clock
  readonly timeoutMs: number
}

/** Sends one request and waits for its answer's status, for so long. Never rejects. */
export function sendOnce(request: Request, { service, clock, timeoutMs }: SendOptions): Sending {
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
    const answer = overNetwork === undefined ? answered(service as Service, request) : fetched(request, overNetwork)
    answer.then(
      (status) => end({ status }),
      (error: unknown) => end({ error: nameOf(error) }),
    )
  })
  return { outcome, abandon }
}

async function answered(service: Service, request: Request): Promise<number> {
  return (await service(request)).status
}

/** Providers follow no redirects; an unread body would keep its socket out of the pool. */
async function fetched(request: Request, { signal }: AbortController): Promise<number> {
  const response = await fetch(request, { signal, redirect: 'manual' })
  await response.body?.cancel()
  return response.status
}

/** The request of a delivery. */
export function deliveryRequest(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array<ArrayBuffer>,
): Request {
  const request = new Request(url, { method, headers, body })
  rememberBytes(request, body)
  return request
}

/** A failure by its kind alone: messages may hold what must not be recorded. */
function nameOf(error: unknown): string {
  return networkCodeOf(error) ?? (error instanceof Error ? error.name : typeof error)
}
