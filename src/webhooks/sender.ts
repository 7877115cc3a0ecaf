import { type Clock, systemClock } from '../core/clock.ts'
import { GoodfenceError } from '../core/errors.ts'
import { type Journal } from '../core/journal.ts'
import { randomInt, seededRandom } from '../core/random.ts'
import { type WebhookFacts } from '../providers/manifest.ts'
import {
  type Delivery,
  type DeliveryAttempt,
  type DeliveryFilter,
  type DeliveryRecord,
  type WebhookTarget,
  eventMatcher,
} from './delivery.ts'
import { type Outcome, type Sending, deliveryRequest, sendOnce } from './delivery-attempt.ts'
import { sign } from './signature.ts'
import { targetSecret } from './target-secret.ts'

export { type Delivery, type DeliveryFilter, type DeliveryRecord, type WebhookTarget } from './delivery.ts'

export interface OutboxOptions {
  /** @default the system's clock */
  readonly clock?: Clock | undefined
  readonly journal: Journal
  /** How the provider signs and repeats. */
  readonly facts: WebhookFacts
  /** @default none */
  readonly targets?: readonly WebhookTarget[] | undefined
  /** Seed of secrets and of the short time until an event is sent. @default 1 */
  readonly seed?: number | string | undefined
  /** @default nothing goes wrong */
  readonly faults?: DeliveryFilter | undefined
  /** How long after it was made an event is sent: at least and at most. @default [10, 50] */
  readonly sendAfterMs?: readonly [number, number] | undefined
  /** The oldest records are forgotten beyond this many. @default 10,000 */
  readonly maxRecords?: number | undefined
}

/** An event as the provider made it. */
export interface OutgoingEvent {
  readonly id: string
  readonly type: string
  readonly body: Uint8Array<ArrayBuffer>
  readonly createdMs: number
  readonly tenant?: string | undefined
}

/** The provider's side of webhooks: sends events, signed, to every target, and repeats by the provider's schedule. */
export interface Outbox {
  /** Sends an event a short, seeded time from now; before that when a fault says `early`. */
  send(event: OutgoingEvent): void
  /** Sends what a fault made early, and waits until it has been answered, at most a second. */
  flushEarly(): Promise<void>
  /** What became of every event, per target, in the order of making. */
  deliveries(): readonly DeliveryRecord[]
  /**
   * Sends once more, now, by delivery or event id. An answer of 2xx ends the automatic attempts; anything else
   * leaves them as they are. Throws `usage` for an id that is not known.
   */
  resend(deliveryOrEventId: string): void
  /** Sends again every event made at or after this time, and says how many deliveries that are. */
  resendSince(atMs: number): number
  /** Sends events from now on to this target too. The same URL again replaces it and draws another secret. */
  addTarget(target: WebhookTarget): void
  /** Sends nothing more to this target, what is under way included. */
  removeTarget(url: string): void
  targets(): readonly WebhookTarget[]
  /** What deliveries to this target are signed with. Throws `usage` for a URL that is no target. */
  secretOf(url: string): string
  /** Sendings that are due, held or under way. Nought: nothing more will happen of itself. */
  readonly pending: number
  /** Forgets everything and stands as it did at the start. */
  reset(): void
  /** Stops for good: nothing more is sent. */
  close(): Promise<void>
}

/** A target with its secret. */
interface Target extends WebhookTarget {
  readonly secret: string
  readonly wants: (type: string) => boolean
}

/** One event on its way to one target. */
interface Line {
  readonly id: string
  readonly order: number
  readonly event: OutgoingEvent
  readonly target: Target
  state: DeliveryRecord['state']
  readonly attempts: DeliveryAttempt[]
  /** Attempts begun, whoever asked for them. */
  begun: number
  /** The sending that the schedule is at; others were asked for by somebody. */
  scheduled?: string
  /** Attempts of the schedule that failed. */
  failed: number
}

/** A sending that waits: for its time or, without a time, for the next event. */
interface Waiting {
  readonly line: Line
  readonly delivery: Delivery
  readonly kind: 'timed' | 'held'
  /** Faults have had their say. */
  readonly asked: boolean
  cancelTimer: () => void
}

/** How long a delivery that is to come after the next event waits for one. */
const holdMs = 60_000
/** How long the API's answer waits for receivers of early events. */
const earlyMs = 1_000

/** Makes an outbox that has sent nothing. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { clock = systemClock, journal, facts, seed = 1, sendAfterMs = [10, 50], maxRecords = 10_000 } = options
  const { faults = (pending) => pending } = options
  const { scheme, delivery: schedule } = facts
  const waiting = new Set<Waiting>()
  const underWay = new Map<Sending, Line>()
  let random = seededRandom(seed, 'outbox')
  let targets: Target[] = []
  let targetsAdded = 0
  let lines: Line[] = []
  let linesMade = 0
  let closed = false

  function addTarget(target: WebhookTarget): void {
    const drawn = targetSecret(scheme.key, seededRandom(seed, `webhook secret ${++targetsAdded}`))
    const patterns = (target.events ?? ['*']).map(eventMatcher)
    const wants = (type: string) => patterns.some((matches) => matches(type))
    targets = [...targets.filter(({ url }) => url !== target.url), { ...target, secret: target.secret ?? drawn, wants }]
  }

  function signed({ secret, url }: Target, { body, dueAtMs }: Delivery, other = secret): Record<string, string> {
    return sign(scheme, { secret: other, body, timestampMs: dueAtMs, url, method: scheme.request.method })
  }

  const askFaults = (line: Line, delivery: Delivery) =>
    faults([delivery], { sign: (each, secret) => signed(line.target, each, secret) })

  function planned(line: Line, afterMs: number): Delivery {
    const { event, target } = line
    const attempt = ++line.begun
    return {
      id: `${line.id}.${attempt}`,
      event: event.id,
      type: event.type,
      ...(event.tenant === undefined ? {} : { tenant: event.tenant }),
      attempt,
      dueAtMs: clock.now() + afterMs,
      url: target.url,
      headers: {},
      body: event.body,
      genuine: true,
    }
  }

  function wait(line: Line, delivery: Delivery, asked: boolean, kind: Waiting['kind'] = 'timed'): void {
    const afterMs = kind === 'held' ? holdMs : Math.max(0, delivery.dueAtMs - clock.now())
    const entry: Waiting = { line, delivery, kind, asked, cancelTimer: () => {} }
    waiting.add(entry)
    entry.cancelTimer = clock.after(afterMs, () => {
      if (kind === 'held') release(newestHeld((held) => held.line.target === line.target))
      else void begin(take(entry))
    })
  }

  function take(entry: Waiting): Waiting {
    entry.cancelTimer()
    waiting.delete(entry)
    return entry
  }

  /** A sending's time has come: asks the faults, once, and sends what they make of it. */
  async function begin({ line, delivery, asked }: Waiting): Promise<void> {
    const nowMs = clock.now()
    const due = { ...delivery, dueAtMs: nowMs }
    if (asked) return transmit(line, due)
    const started: Promise<void>[] = []
    for (const each of askFaults(line, due)) {
      if (each.dueAtMs > nowMs) wait(line, each, true)
      else if (each.behindNext === true) wait(line, each, true, 'held')
      else started.push(transmit(line, each))
    }
    await Promise.all(started)
  }

  async function transmit(line: Line, delivery: Delivery): Promise<void> {
    const { id, event, type, attempt, genuine, note, url, body } = delivery
    const remarks = { genuine, ...(note === undefined ? {} : { note }) }
    journal.record({ kind: 'delivery', delivery: id, event, type, attempt, ...remarks })
    const place = line.attempts.push({ delivery: id, attempt, atMs: clock.now(), ...remarks }) - 1
    if (delivery.lost === true) return settle(line, delivery, place, { error: 'lost' })

    const signature = delivery.sealed === true ? delivery.headers : signed(line.target, delivery)
    const { method, contentType } = scheme.request
    const request = deliveryRequest(url, method, { 'content-type': contentType, ...signature }, body)
    const { service } = line.target
    const sending = sendOnce(request, { service, clock, timeoutMs: schedule.timeoutMs })
    underWay.set(sending, line)
    const outcome = await sending.outcome
    if (underWay.delete(sending)) settle(line, delivery, place, outcome)
  }

  function settle(line: Line, delivery: Delivery, place: number, outcome: Outcome): void {
    journal.record({ kind: 'delivered', delivery: delivery.id, event: delivery.event, ...outcome })
    line.attempts[place] = { ...(line.attempts[place] as DeliveryAttempt), ...outcome }
    if (isOwn(line, delivery)) conclude(line, delivery, 'status' in outcome && isSuccess(outcome.status))
    release(newestHeld((held) => comesAfter(held, line, delivery)))
  }

  /** What the provider makes of its attempt. */
  function conclude(line: Line, delivery: Delivery, success: boolean): void {
    if (success) {
      line.state = 'delivered'
      for (const entry of waiting) if (entry.line === line && isOwn(line, entry.delivery)) take(entry)
    } else if (line.state === 'pending' && line.scheduled === delivery.id) {
      const pauseMs = schedule.retryAfterMs[line.failed++]
      if (pauseMs === undefined) line.state = 'failed'
      else attempt(line, pauseMs)
    }
  }

  function attempt(line: Line, afterMs: number): void {
    const delivery = planned(line, afterMs)
    line.scheduled = delivery.id
    if (delivery.attempt > 1) return wait(line, delivery, false)
    for (const each of askFaults(line, delivery)) wait(line, each, false)
  }

  function newestHeld(fits: (held: Waiting) => boolean): Waiting | undefined {
    return [...waiting].findLast((entry) => entry.kind === 'held' && fits(entry))
  }

  function release(held: Waiting | undefined): void {
    if (held !== undefined) void begin(take(held))
  }

  function again(chosen: readonly Line[]): number {
    for (const line of chosen) wait(line, planned(line, 0), false)
    return chosen.length
  }

  function stop(): void {
    for (const entry of waiting) entry.cancelTimer()
    waiting.clear()
    const sendings = [...underWay.keys()]
    underWay.clear() // first, so that how they end is nobody's business any more
    for (const sending of sendings) sending.abandon()
  }

  const outbox: Outbox = {
    send(event) {
      if (closed) return
      for (const target of targets) {
        if (!target.wants(event.type)) continue
        const order = ++linesMade
        const line: Line = {
          id: `whd_${order}`,
          order,
          event,
          target,
          state: 'pending',
          attempts: [],
          begun: 0,
          failed: 0,
        }
        lines.push(line)
        const [leastMs, mostMs] = sendAfterMs
        attempt(line, leastMs + randomInt(random, mostMs - leastMs + 1))
      }
      if (lines.length > maxRecords) lines = lines.slice(Math.ceil(maxRecords / 10))
    },
    async flushEarly() {
      const early = [...waiting].filter(({ delivery, asked }) => delivery.early === true && !asked)
      if (early.length === 0) return
      await within(earlyMs, Promise.all(early.map((entry) => begin(take(entry)))), clock)
    },
    deliveries: () => lines.map(recordOf),
    resend(id) {
      if (again(lines.filter((line) => line.id === id || line.event.id === id)) > 0) return
      throw new GoodfenceError('usage', `There is no delivery and no event "${id}" to send again.`, {
        mend: 'give an id that deliveries() lists',
      })
    },
    resendSince: (atMs) => again(lines.filter(({ event }) => event.createdMs >= atMs)),
    addTarget,
    removeTarget(url) {
      targets = targets.filter((target) => target.url !== url)
      for (const entry of waiting) if (entry.line.target.url === url) take(entry)
      for (const line of lines) if (line.target.url === url && line.state === 'pending') line.state = 'failed'
    },
    targets: () => targets,
    secretOf(url) {
      const target = targets.find((each) => each.url === url)
      if (target !== undefined) return target.secret
      throw new GoodfenceError('usage', `No webhooks are sent to "${url}".`, { mend: 'add it as a target first' })
    },
    get pending() {
      return waiting.size + underWay.size
    },
    reset() {
      stop()
      random = seededRandom(seed, 'outbox')
      lines = []
      linesMade = 0
      targets = []
      targetsAdded = 0
      for (const target of options.targets ?? []) addTarget(target)
    },
    async close() {
      closed = true
      stop()
    },
  }
  outbox.reset()
  return outbox
}

/** The provider's own sending of an attempt, not a copy that a fault made beside it. */
function isOwn(line: Line, { id, attempt }: Delivery): boolean {
  return id === `${line.id}.${attempt}`
}

/** Whether what is held may go now that `delivery` is through: a later event's, or one that was held as well. */
function comesAfter(held: Waiting, line: Line, delivery: Delivery): boolean {
  if (held.line.target !== line.target) return false
  return delivery.behindNext === true || (delivery.genuine && line.order > held.line.order)
}

/** 2xx is what every provider so far takes as success. */
function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}

function recordOf({ id, event, target, state, attempts }: Line): DeliveryRecord {
  return { id, event: event.id, type: event.type, url: target.url, createdMs: event.createdMs, state, attempts }
}

/** Waits for `work`, but no longer than `ms`. */
function within(ms: number, work: Promise<unknown>, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, resolve)
    const end = () => {
      cancel()
      resolve()
    }
    work.then(end, end)
  })
}
