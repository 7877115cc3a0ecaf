import { type Clock, systemClock } from '../core/clock.ts'
import { GoodfenceError, isGoodfenceError } from '../core/errors.ts'
import { createJournal } from '../core/journal.ts'
import { maskPath } from '../core/mask-path.ts'
import { randomInt, seededRandom } from '../core/random.ts'
import { type EventFacts } from '../providers/event-facts.ts'
import { type SignatureFacts } from '../providers/signature-facts.ts'
import { attemptHeaders } from './attempt-headers.ts'
import { type Delivery, type DeliveryAttempt, type Signed, type WebhookTarget } from './delivery.ts'
import { type Outcome, type Sending, sendOnce } from './delivery-attempt.ts'
import { createStanding } from './endpoint-standing.ts'
import { type Judgement, judgeAnswer, readOf } from './judge-answer.ts'
import { type Line, type Target, createLine, isOwn, lastFailure, nextDelivery, recordOf } from './line.ts'
import { type Outbox, type OutboxOptions, type OutgoingEvent } from './outbox.ts'
import { sign } from './signature.ts'
import { createTargetList } from './target-list.ts'
import { checkingSecret, targetSecret } from './target-secret.ts'
import { createTurns } from './turns.ts'
import { type Waiting, createWaitingRoom } from './waiting-room.ts'
import { type EventValues, placesToWrite, writeEvent } from './write-event.ts'

/** How long the API's answer waits for receivers of early events. */
const earlyMs = 1_000

/**
 * Makes an outbox that has sent nothing. It sends as the provider of these facts does: signed by its scheme, repeated by
 * its schedule, in its order, until an answer that it takes, or a rule of its own by which it gives up.
 *
 * @example
 * const outbox = createOutbox({ facts: github.webhooks, targets: [{ url: 'http://127.0.0.1:3000/hooks', secret }] })
 */
export function createOutbox(options: OutboxOptions): Outbox {
  const {
    clock = systemClock,
    journal = createJournal({ clock }),
    facts,
    seed = 1,
    sendAfterMs = [10, 50],
    maxRecords = 10_000,
  } = options
  const { faults = (pending) => pending, sandbox = false, keepAnswers = false } = options
  const { scheme, delivery: rules } = facts
  const readOfRules = readOf(rules)
  const read = keepAnswers && readOfRules !== 'body' ? 'beginning' : readOfRules
  const pausesMs = (sandbox ? rules.sandboxRetryAfterMs : undefined) ?? rules.retryAfterMs
  const room = createWaitingRoom(clock, {
    onDue: (entry) => void begin(entry),
    onHeldTooLong: ({ line }) => release(room.newestHeld((held) => held.line.target === line.target)),
  })
  const underWay = new Set<Sending>()
  /** Ends what recurs of itself: an endpoint that comes back, a heartbeat. */
  const timers = new Set<() => void>()
  /** The latest event, by its order, of which a sending to the target has ended. */
  let settledOrders = new WeakMap<Target, number>()
  let random = seededRandom(seed, 'outbox')
  let targets = createTargetList(facts, seed)
  let turns = createTurns(rules.order)
  let lines: Line[] = []
  let linesMade = 0
  let closed = false

  function signed(delivery: Delivery, secret: string | readonly string[]): Signed {
    const { body, dueAtMs: timestampMs, url, headers, event: messageId } = delivery
    const { method } = scheme.request
    const sent = sign(scheme, { secret, body, timestampMs, url, method, headers, config: options.config, messageId })
    const bytes = sent.body === body ? body : Uint8Array.from(sent.body)
    return { headers: sent.headers, body: bytes, url: sent.url ?? url }
  }

  /** A fault, or whoever made the event, may have left nothing that the scheme can sign. */
  function signedOrNot(delivery: Delivery, secret: string): Signed | undefined {
    try {
      return signed(delivery, secret)
    } catch (error) {
      if (isGoodfenceError(error, 'usage')) return undefined
      throw error
    }
  }

  function askFaults({ target: { secret } }: Line, delivery: Delivery, due: boolean): readonly Delivery[] {
    return faults([delivery], {
      due,
      sign: (each, secrets = [secret]) => signed(each, secrets),
      secret,
      bodySigned: scheme.bodyForm !== 'not-signed',
      carriesSeveral: carriesSeveral(scheme.signature),
      otherSecret: (chance) => targetSecret(scheme, chance),
      rewrite: (each, values) => rewritten(each, values, placesToWrite(scheme)),
    })
  }

  /** A sending's time has come: asks the faults, once, and sends what they make of it. */
  async function begin({ line, delivery, asked, kind }: Waiting): Promise<void> {
    const nowMs = clock.now()
    const due = { ...delivery, dueAtMs: nowMs }
    const started: Promise<void>[] = []
    for (const each of asked ? [due] : askFaults(line, due, true)) {
      const held = each.behindNext === true && kind === 'timed' && !isOvertaken(line)
      if (each.dueAtMs > nowMs) room.add({ line, delivery: each, asked: true, kind: 'timed' })
      else if (held) room.add({ line, delivery: each, asked: true, kind: 'held' })
      else started.push(transmit(line, each))
    }
    await Promise.all(started)
  }

  async function transmit(line: Line, delivery: Delivery): Promise<void> {
    const { id, event, type, attempt, genuine, note } = delivery
    const remarks = { genuine, ...(note === undefined ? {} : { note }) }
    journal.record({ kind: 'delivery', delivery: id, event, type, attempt, ...remarks })
    const counted = attemptHeaders(rules.attemptHeaders, attempt, lastFailure(line))
    const place = line.attempts.push({ delivery: id, attempt, atMs: clock.now(), ...remarks }) - 1
    if (delivery.lost === true) return settle(line, delivery, place, { error: 'lost' })

    const { service } = line.target
    const { method, contentType } = scheme.request
    const sent = delivery.sealed === true ? delivery : signedOrNot(delivery, line.target.secret)
    if (sent === undefined) return settle(line, delivery, place, { error: 'unsignable' })
    const { url, body, headers: own } = sent
    const typed = Object.keys(own).some((name) => name.toLowerCase() === 'content-type')
    const headers = { ...(typed ? {} : { 'content-type': contentType }), ...counted, ...own }
    const patience = { clock, timeoutMs: rules.timeoutMs, read }
    const sending = sendOnce({ url, method, headers, body }, { service, ...patience })
    underWay.add(sending)
    const outcome = await sending.outcome
    if (underWay.delete(sending)) settle(line, delivery, place, outcome)
  }

  function settle(line: Line, delivery: Delivery, place: number, outcome: Outcome): void {
    const ending = 'status' in outcome ? { status: outcome.status } : outcome
    journal.record({ kind: 'delivered', delivery: delivery.id, event: delivery.event, ...ending })
    const attempt = line.attempts[place] as DeliveryAttempt
    const judgement = judgeAnswer(outcome, rules, clock.now())
    const taken = judgement.kind === 'taken'
    const kept = keepAnswers && 'status' in outcome ? { answer: outcome.text ?? '' } : {}
    line.attempts[place] = { ...attempt, ...ending, ...kept, taken, tookMs: clock.now() - attempt.atMs }
    if (isReal(delivery)) settledOrders.set(line.target, Math.max(line.order, settledOrders.get(line.target) ?? 0))
    if (isOwn(line, delivery)) conclude(line, delivery, outcome, judgement)
    release(room.newestHeld((held) => comesAfter(held, line, delivery)))
  }

  /** What the provider makes of its attempt. */
  function conclude(line: Line, delivery: Delivery, outcome: Outcome, judgement: Judgement): void {
    const { target } = line
    if (judgement.kind === 'taken') {
      target.standing.taken()
      if (line.begun > 1) room.takeAll((entry) => entry.line === line && isOwn(line, entry.delivery))
      return end(line, 'delivered')
    }
    let reason = target.standing.failed(outcome, clock.now())
    if (line.state === 'pending' && line.scheduled === delivery.id) {
      const pauseMs = judgement.kind === 'stopped' ? undefined : pausesMs[line.failed++]
      if (pauseMs === undefined) reason ??= target.standing.gaveUp()
      if (reason !== undefined) line.state = 'failed'
      else if (pauseMs === undefined) end(line, 'failed')
      else attempt(line, Math.max(pauseMs, judgement.kind === 'failed' ? (judgement.atLeastMs ?? 0) : 0))
    }
    if (reason !== undefined && targets.takes(target.url)) disable(target, reason)
  }

  function end(line: Line, state: 'delivered' | 'failed'): void {
    line.state = state
    const next = turns.leave(line)
    if (next !== undefined) start(next)
  }

  /** Sends the first attempt, at the time that was drawn for it or, where it had to wait for its turn, now. */
  function start(line: Line): void {
    attempt(line, Math.max(0, line.dueAtMs - clock.now()))
  }

  function attempt(line: Line, afterMs: number): void {
    const delivery = nextDelivery(line, clock.now() + afterMs)
    line.scheduled = delivery.id
    for (const each of delivery.attempt > 1 ? [delivery] : askFaults(line, delivery, false))
      room.add({ line, delivery: each, asked: false, kind: 'timed' })
  }

  function disable(target: Target, reason: string): void {
    target.disabled = { atMs: clock.now(), reason }
    tell(target, { change: 'disabled', reason })
    giveUpOn(target.url)
    const { forMs } = rules.disable ?? {}
    if (forMs !== undefined) later(forMs, () => enable(target))
  }

  function enable(target: Target): void {
    if (target.disabled === undefined) return
    target.disabled = undefined
    target.standing = createStanding(rules.disable)
    tell(target, { change: 'enabled' })
    keepInTouch(target)
  }

  function tell({ url }: Target, change: { change: 'disabled' | 'enabled'; reason?: string }): void {
    const { origin, pathname } = new URL(url)
    journal.record({ kind: 'endpoint', endpoint: origin + maskPath(pathname), ...change })
  }

  /** Sends to a target by itself, as long as the provider sends there at all. */
  function keepInTouch(target: Target): void {
    const { everyMs, body } = rules.heartbeat ?? {}
    if (everyMs === undefined || closed) return
    later(everyMs, () => {
      if (!targets.all().includes(target) || target.disabled !== undefined) return
      const id = `heartbeat_${linesMade + 1}`
      const event = { id, type: 'heartbeat', body: new TextEncoder().encode(body), createdMs: clock.now() }
      start(newLine(event, target, clock.now()))
      keepInTouch(target)
    })
  }

  function later(ms: number, act: () => void): void {
    const cancel = clock.after(ms, () => {
      timers.delete(cancel)
      act()
    })
    timers.add(cancel)
  }

  /** Drops what waits for a target, and repeats nothing of what is under way. */
  function giveUpOn(url: string): void {
    room.takeAll(({ line }) => line.target.url === url)
    for (const line of lines) {
      if (line.target.url !== url) continue
      turns.leave(line)
      if (line.state === 'pending') line.state = 'failed'
    }
  }

  /** Whether a later event has come to the same target already. */
  function isOvertaken({ target, order }: Line): boolean {
    return (settledOrders.get(target) ?? 0) > order
  }

  /** Lets what is held go, with its copies. What was held before it follows when it is through. */
  function release(held: Waiting | undefined): void {
    if (held === undefined) return
    for (const entry of room.takeAll(({ kind, line }) => kind === 'held' && line === held.line)) void begin(entry)
  }

  function again(chosen: readonly Line[]): number {
    const present = chosen.filter(({ target }) => targets.takes(target.url))
    for (const line of present)
      room.add({ line, delivery: nextDelivery(line, clock.now()), asked: false, kind: 'timed' })
    return present.length
  }

  function newLine(event: OutgoingEvent, target: Target, dueAtMs: number): Line {
    const line = createLine(++linesMade, event, target, dueAtMs)
    lines.push(line)
    return line
  }

  function addTarget(target: WebhookTarget): void {
    keepInTouch(targets.add(target))
  }

  function stop(): void {
    room.takeAll(() => true)
    for (const cancel of timers) cancel()
    timers.clear()
    const sendings = [...underWay]
    underWay.clear() // first, so that how they end is nobody's business any more
    for (const sending of sendings) sending.abandon()
  }

  const outbox: Outbox = {
    send(event) {
      if (closed) return
      for (const target of targets.all()) {
        if (target.disabled !== undefined || !target.wants(event.type)) continue
        const [leastMs, mostMs] = sendAfterMs
        const line = newLine(event, target, clock.now() + leastMs + randomInt(random, mostMs - leastMs + 1))
        if (turns.enter(line)) start(line)
      }
      if (lines.length > maxRecords) lines = lines.slice(Math.ceil(maxRecords / 10))
    },
    async flushEarly() {
      const early = room.timed().filter(({ delivery, asked }) => delivery.early === true && !asked)
      if (early.length === 0) return
      await within(earlyMs, Promise.all(early.map((entry) => begin(room.take(entry)))), clock)
    },
    deliveries: () => lines.map(recordOf),
    resend(id) {
      const resent = again(lines.filter((line) => line.id === id || line.event.id === id))
      if (resent > 0) return resent
      throw new GoodfenceError('usage', `There is no delivery and no event "${id}" to send again.`, {
        mend: 'give an id that deliveries() lists, of a target that was not removed and is enabled',
      })
    },
    resendSince: (atMs) => again(lines.filter(({ event }) => event.createdMs >= atMs)),
    addTarget,
    removeTarget(url) {
      targets.remove(url)
      giveUpOn(url)
    },
    enableTarget: (url) => enable(targets.get(url)),
    targets: () => targets.all(),
    secretOf(url) {
      const { secret } = targets.get(url)
      return checkingSecret(scheme, secret) ?? secret
    },
    get pending() {
      return room.size + underWay.size
    },
    reset() {
      stop()
      random = seededRandom(seed, 'outbox')
      lines = []
      linesMade = 0
      settledOrders = new WeakMap()
      turns = createTurns(rules.order)
      targets = createTargetList(facts, seed)
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

function carriesSeveral({ syntax, match = 'any' }: SignatureFacts): boolean {
  return (syntax === 'list' || syntax === 'pairs') && match === 'any'
}

function rewritten(delivery: Delivery, values: EventValues, facts: EventFacts): Delivery {
  const { id = delivery.event, type = delivery.type } = values
  return { ...delivery, ...writeEvent(facts, delivery, values), event: id, type }
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
