import { type Clock, systemClock } from '../core/clock.ts'
import { GoodfenceError } from '../core/errors.ts'
import { lightRequest } from '../core/light.ts'
import { randomInt, seededRandom } from '../core/random.ts'
import { type Delivery, type DeliveryAttempt, type WebhookTarget, eventMatcher } from './delivery.ts'
import { type Outcome, type Sending, sendOnce } from './delivery-attempt.ts'
import { type Line, type Target, createLine, isOwn, nextDelivery, recordOf } from './line.ts'
import { type Outbox, type OutboxOptions } from './outbox.ts'
import { sign } from './signature.ts'
import { targetSecret } from './target-secret.ts'

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
  const waiting = { timed: new Set<Waiting>(), held: new Set<Waiting>() }
  const underWay = new Set<Sending>()
  /** The latest event, by its order, of which a sending to the target has ended. */
  let settledOrders = new WeakMap<Target, number>()
  let random = seededRandom(seed, 'outbox')
  let targets: Target[] = []
  let targetsAdded = 0
  let lines: Line[] = []
  let linesMade = 0
  let closed = false

  function addTarget(target: WebhookTarget): void {
    const stream = `webhook secret ${++targetsAdded}`
    const secret = target.secret ?? targetSecret(scheme.key, seededRandom(seed, stream))
    const patterns = (target.events ?? ['*']).map(eventMatcher)
    const wants = (type: string) => patterns.some((matches) => matches(type))
    requireUsable(target)
    targets = [...targets.filter(({ url }) => url !== target.url), { ...target, secret, wants }]
  }

  function signed({ secret, url }: Target, { body, dueAtMs }: Delivery, other = secret): Record<string, string> {
    return sign(scheme, { secret: other, body, timestampMs: dueAtMs, url, method: scheme.request.method })
  }

  /** Refuses now what would fail at the first event. */
  function requireUsable({ url, secret }: WebhookTarget): void {
    try {
      lightRequest({ url })
    } catch (cause) {
      const mend = 'give an absolute http or https URL without a user name'
      throw new GoodfenceError('usage', `No webhooks can be sent to "${url}": ${mend}.`, { mend }, { cause })
    }
    if (secret !== undefined) sign(scheme, { secret, body: new Uint8Array(), timestampMs: 0, url })
  }

  const askFaults = (line: Line, delivery: Delivery) =>
    faults([delivery], { sign: (each, secret) => signed(line.target, each, secret) })

  function wait(line: Line, delivery: Delivery, asked: boolean, kind: Waiting['kind'] = 'timed'): void {
    const afterMs = kind === 'held' ? holdMs : Math.max(0, delivery.dueAtMs - clock.now())
    const entry: Waiting = { line, delivery, kind, asked, cancelTimer: () => {} }
    waiting[kind].add(entry)
    entry.cancelTimer = clock.after(afterMs, () => {
      if (kind === 'held') release(newestHeld((held) => held.line.target === line.target))
      else void begin(take(entry))
    })
  }

  function take(entry: Waiting): Waiting {
    entry.cancelTimer()
    waiting[entry.kind].delete(entry)
    return entry
  }

  function takeAll(chosen: (entry: Waiting) => boolean): void {
    for (const entry of [...waiting.timed, ...waiting.held]) if (chosen(entry)) take(entry)
  }

  /** A sending's time has come: asks the faults, once, and sends what they make of it. */
  async function begin({ line, delivery, asked, kind }: Waiting): Promise<void> {
    const nowMs = clock.now()
    const due = { ...delivery, dueAtMs: nowMs }
    const started: Promise<void>[] = []
    for (const each of asked ? [due] : askFaults(line, due)) {
      if (each.dueAtMs > nowMs) wait(line, each, true)
      else if (each.behindNext === true && kind === 'timed' && !isOvertaken(line)) wait(line, each, true, 'held')
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

    const { service } = line.target
    const { method, contentType } = scheme.request
    const signature = delivery.sealed === true ? delivery.headers : signed(line.target, delivery)
    const headers = { 'content-type': contentType, ...signature }
    const sending = sendOnce({ url, method, headers, body }, { service, clock, timeoutMs: schedule.timeoutMs })
    underWay.add(sending)
    const outcome = await sending.outcome
    if (underWay.delete(sending)) settle(line, delivery, place, outcome)
  }

  function settle(line: Line, delivery: Delivery, place: number, outcome: Outcome): void {
    journal.record({ kind: 'delivered', delivery: delivery.id, event: delivery.event, ...outcome })
    line.attempts[place] = { ...(line.attempts[place] as DeliveryAttempt), ...outcome }
    if (isReal(delivery)) settledOrders.set(line.target, Math.max(line.order, settledOrders.get(line.target) ?? 0))
    if (isOwn(line, delivery)) conclude(line, delivery, 'status' in outcome && isSuccess(outcome.status))
    release(newestHeld((held) => comesAfter(held, line, delivery)))
  }

  /** What the provider makes of its attempt. */
  function conclude(line: Line, delivery: Delivery, success: boolean): void {
    if (success) {
      line.state = 'delivered'
      if (line.begun > 1) takeAll((entry) => entry.line === line && isOwn(line, entry.delivery))
    } else if (line.state === 'pending' && line.scheduled === delivery.id) {
      const pauseMs = schedule.retryAfterMs[line.failed++]
      if (pauseMs === undefined) line.state = 'failed'
      else attempt(line, pauseMs)
    }
  }

  function attempt(line: Line, afterMs: number): void {
    const delivery = nextDelivery(line, clock.now() + afterMs)
    line.scheduled = delivery.id
    if (delivery.attempt > 1) return wait(line, delivery, false)
    for (const each of askFaults(line, delivery)) wait(line, each, false)
  }

  /** Whether a later event has come to the same target already. */
  function isOvertaken({ target, order }: Line): boolean {
    return (settledOrders.get(target) ?? 0) > order
  }

  function newestHeld(fits: (held: Waiting) => boolean): Waiting | undefined {
    return waiting.held.size === 0 ? undefined : [...waiting.held].findLast(fits)
  }

  /** Lets what is held go, with its copies. What was held before it follows when it is through. */
  function release(held: Waiting | undefined): void {
    if (held === undefined) return
    for (const entry of waiting.held) if (entry.line === held.line) void begin(take(entry))
  }

  function again(chosen: readonly Line[]): number {
    const present = chosen.filter(({ target }) => targets.some(({ url }) => url === target.url))
    for (const line of present) wait(line, nextDelivery(line, clock.now()), false)
    return present.length
  }

  function stop(): void {
    takeAll(() => true)
    const sendings = [...underWay]
    underWay.clear() // first, so that how they end is nobody's business any more
    for (const sending of sendings) sending.abandon()
  }

  const outbox: Outbox = {
    send(event) {
      if (closed) return
      for (const target of targets) {
        if (!target.wants(event.type)) continue
        const line = createLine(++linesMade, event, target)
        lines.push(line)
        const [leastMs, mostMs] = sendAfterMs
        attempt(line, leastMs + randomInt(random, mostMs - leastMs + 1))
      }
      if (lines.length > maxRecords) lines = lines.slice(Math.ceil(maxRecords / 10))
    },
    async flushEarly() {
      const early = [...waiting.timed].filter(({ delivery, asked }) => delivery.early === true && !asked)
      if (early.length === 0) return
      await within(earlyMs, Promise.all(early.map((entry) => begin(take(entry)))), clock)
    },
    deliveries: () => lines.map(recordOf),
    resend(id) {
      const resent = again(lines.filter((line) => line.id === id || line.event.id === id))
      if (resent > 0) return resent
      throw new GoodfenceError('usage', `There is no delivery and no event "${id}" to send again.`, {
        mend: 'give an id that deliveries() lists, of a target that was not removed',
      })
    },
    resendSince: (atMs) => again(lines.filter(({ event }) => event.createdMs >= atMs)),
    addTarget,
    removeTarget(url) {
      targets = targets.filter((target) => target.url !== url)
      takeAll(({ line }) => line.target.url === url)
      for (const line of lines) if (line.target.url === url && line.state === 'pending') line.state = 'failed'
    },
    targets: () => targets,
    secretOf(url) {
      const target = targets.find((each) => each.url === url)
      if (target !== undefined) return target.secret
      throw new GoodfenceError('usage', `No webhooks are sent to "${url}".`, { mend: 'add it as a target first' })
    },
    get pending() {
      return waiting.timed.size + waiting.held.size + underWay.size
    },
    reset() {
      stop()
      random = seededRandom(seed, 'outbox')
      lines = []
      linesMade = 0
      settledOrders = new WeakMap()
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

/** Whether the receiver got it, and from the provider. */
function isReal({ genuine, lost = false }: Delivery): boolean {
  return genuine && !lost
}

/** Whether what is held may go now that `delivery` is through: that of a later event. */
function comesAfter(held: Waiting, line: Line, delivery: Delivery): boolean {
  if (held.line.target !== line.target) return false
  return isReal(delivery) && line.order > held.line.order
}

/** 2xx is what every provider so far takes as success. */
function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
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
