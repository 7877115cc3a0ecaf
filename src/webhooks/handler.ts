import { hash } from 'node:crypto'
import { type Claim, type Effect, type InboxEvent } from './inbox.ts'
import { takeParsed } from './parsed-body.ts'

/** An event as its handler gets it. */
export interface WebhookEvent {
  readonly id: string
  readonly type: string
  readonly provider: string
  /** Account at the provider; empty where there is only one. */
  readonly account: string
  /** Endpoint it was sent to; empty where that does not matter. */
  readonly subscription: string
  /** When it happened, by the provider's clock. Too coarse to put events in order: compare, and ask the provider on a tie. */
  readonly occurredAtMs?: number
  readonly receivedAtMs: number
  /** The bytes as they arrived. */
  readonly body: Uint8Array<ArrayBuffer>
  /** What the bytes mean as JSON; `undefined` when they are none. */
  readonly data: unknown
}

/** What the provider has now, where it was asked. */
export type Current = { readonly found: true; readonly value: unknown } | { readonly found: false }

/** What a handler may use while it works on one event. */
export interface HandlerContext<Transaction> {
  /** Counts from 1. An attempt that was cut off by a crash has been counted. */
  readonly attempt: number
  /** Why the attempt before failed, by kind. */
  readonly lastError?: string
  /** For types that are refetched, and where an order has a gap: the object as the provider has it now. */
  readonly current?: Current
  /** For types that wait for another event: the marker of the one that did not come in time. */
  readonly missing?: string
  /** Someone had the event done again. */
  readonly replay: boolean
  /** How often someone had the event done again. */
  readonly replays: number
  /** Rises with every claim of this event: pass it along to systems that can refuse an older one. */
  readonly fence: number
  /** Aborts when the handler's time is over or its lease is lost. */
  readonly signal: AbortSignal
  /** A key for a call to another system that is the same on every attempt of this event. Name each call differently. */
  readonly idempotencyKey: (call: string) => string
  /**
   * Registers a change that is made when the handler has returned, in the one transaction that also
   * marks the event as done: it happens once, or the event is handled again. Effects run in order.
   */
  readonly effect: (change: Effect<Transaction>) => void
}

/**
 * What a handler may answer; nothing means done, and `coversLane` that so is what waits in the event's ordered lane and
 * had arrived before it was claimed. `superseded`: something newer made the event pointless. `retry`: again after a
 * pause, by the worker's schedule unless `afterMs` says otherwise; `pauseProvider` leaves all events of the provider alone
 * as long. `hold`: not now, and no attempt is counted; again after `forMs`, or when an event with the marker was handled.
 * `dead`: no attempt can succeed.
 */
export type HandlerResult =
  | { readonly kind: 'done'; readonly coversLane?: boolean }
  | { readonly kind: 'superseded' }
  | { readonly kind: 'retry'; readonly afterMs?: number; readonly reason?: string; readonly pauseProvider?: boolean }
  | { readonly kind: 'hold'; readonly forMs: number; readonly marker?: string }
  | { readonly kind: 'dead'; readonly reason: string }

/** Handles one event. Throwing means: again, after a pause. */
export type Handler<Transaction> = (
  event: WebhookEvent,
  context: HandlerContext<Transaction>,
) => Promise<HandlerResult | void> | HandlerResult | void

/** The event of a claim, as its handler gets it. */
export function webhookEventOf(event: InboxEvent): WebhookEvent {
  const { eventId: id, type, provider, account, subscription, receivedAtMs, body, occurredAtMs } = event
  const data = takeParsed(body)
  const shown = { id, type, provider, account, subscription, receivedAtMs, body, data }
  return occurredAtMs === undefined ? shown : { ...shown, occurredAtMs }
}

/** One attempt at an event: what its handler uses, and what the worker does with it. */
export interface Attempt<Transaction> {
  readonly context: HandlerContext<Transaction>
  /** What the handler registered, as one; `undefined` when it was nothing. */
  readonly effect: () => Effect<Transaction> | undefined
  readonly abort: (reason: Error) => void
}

/** Starts an attempt. The signal is made when it is first asked for, since most handlers never do. */
export function createAttempt<Transaction>({ event, fence }: Claim): Attempt<Transaction> {
  const effects: Effect<Transaction>[] = []
  let controller: AbortController | undefined
  let aborted: Error | undefined

  const signal = () => {
    controller ??= new AbortController()
    if (aborted !== undefined) controller.abort(aborted)
    return controller.signal
  }
  return {
    context: Object.assign(new Signalling(signal), {
      ...(event.lastError === undefined ? {} : { lastError: event.lastError }),
      ...(event.waitsFor === undefined ? {} : { missing: event.waitsFor }),
      attempt: event.attempts,
      replay: event.replays > 0,
      replays: event.replays,
      fence,
      idempotencyKey: (call: string) => callKey(event, call),
      effect: (change: Effect<Transaction>) => void effects.push(change),
    }),
    effect: () => joined(effects),
    abort: (reason) => {
      aborted = reason
      controller?.abort(reason)
    },
  }
}

/** The one accessor, in a class: making an object literal that has one costs ten times as much. */
class Signalling {
  readonly #signal: () => AbortSignal

  constructor(signal: () => AbortSignal) {
    this.#signal = signal
  }

  get signal(): AbortSignal {
    return this.#signal()
  }
}

/** Runs effects one after the other, without waiting between those that do not need it. */
function joined<Transaction>(effects: readonly Effect<Transaction>[]): Effect<Transaction> | undefined {
  if (effects.length <= 1) return effects[0]
  const all = effects as readonly ((transaction: Transaction) => void | Promise<void>)[]
  const one = (transaction: Transaction) => {
    let pending: Promise<void> | undefined
    for (const effect of all) {
      if (pending !== undefined) pending = pending.then(() => effect(transaction))
      else pending = effect(transaction) ?? undefined
    }
    return pending
  }
  return one as Effect<Transaction>
}

/** Lengths keep the parts apart; the hash keeps the key short and tells nobody whose event it is. */
function callKey({ provider, account, subscription, eventId }: InboxEvent, call: string): string {
  return hash('sha256', JSON.stringify([provider, account, subscription, eventId, call])).slice(0, 48)
}
