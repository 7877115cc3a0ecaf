import { afterEach, describe, expect, test } from 'vitest'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { type Clock } from '../../src/core/clock.ts'
import { type DeliveryFacts, unknownDelivery } from '../../src/providers/delivery-facts.ts'
import {
  type Claim,
  type Effect,
  type Inbox,
  type InboxLimits,
  neverMs,
  type NewEvent,
  type Outcome,
} from '../../src/webhooks/inbox.ts'

export interface InboxSuite<Transaction> {
  readonly name: string
  /** Opens an empty inbox. */
  readonly open: (options: InboxLimits & { readonly clock: Clock }) => Promise<Inbox<Transaction>>
  /**
   * Where effects land, for stores that promise to commit them along: writes one, and counts those committed. `none`:
   * the store takes no effects, and says so. @default it runs them, and promises nothing
   */
  readonly effects?:
    | 'none'
    | {
        readonly write: (transaction: Transaction) => void | Promise<void>
        readonly count: (inbox: Inbox<Transaction>) => Promise<number>
      }
}

const dayMs = 86_400_000
const options = { owner: 'worker', limit: 10, leaseMs: 30_000 }

/** An event as a receiver would put it. */
export function arrived(eventId: string, more: Partial<NewEvent> = {}): NewEvent {
  const body = Buffer.from(`{"id":"${eventId}"}`) as Uint8Array<ArrayBuffer>
  return { provider: 'stripe', account: '', subscription: '', eventId, type: 'test.event', body, ...more }
}

/** The suite knows nothing of the transaction, so it has to say that this is an effect on one. */
function effectOf<Transaction>(change: (transaction: Transaction) => void | Promise<void>): Effect<Transaction> {
  return change as Effect<Transaction>
}

/** What every inbox store must do, whatever it is made of. */
export function inboxLaws<Transaction>({ name, open, effects }: InboxSuite<Transaction>): void {
  describe(`the ${name} inbox`, () => {
    const opened: Inbox<Transaction>[] = []
    afterEach(async () => {
      for (const inbox of opened.splice(0)) await inbox[Symbol.asyncDispose]()
    })

    async function start(limits: InboxLimits = {}) {
      const clock = virtualClock({ startMs: 1_767_225_600_000 })
      const inbox = await open({ clock, ...limits })
      opened.push(inbox)
      const claimAll = async (more: Partial<typeof options> & { maxCrashes?: number } = {}) =>
        (await inbox.claim({ ...options, ...more })).claims
      const claimOne = async () => {
        const [claim] = await claimAll({ limit: 1 })
        if (claim === undefined) throw new Error('nothing was due')
        return claim
      }
      const ids = (claims: readonly Claim[]) => claims.map((claim) => claim.event.eventId)
      const counts = async () => (await inbox.inspect({ limit: 0 })).counts
      return { clock, inbox, claimAll, claimOne, ids, counts }
    }

    test('tells a new event from one that it has', async () => {
      const { inbox } = await start()
      expect(await inbox.put([arrived('a'), arrived('b')])).toEqual(['inserted', 'inserted'])
      expect(await inbox.put([arrived('b'), arrived('c')])).toEqual(['duplicate', 'inserted'])
      expect(await inbox.put([arrived('d'), arrived('d')])).toEqual(['inserted', 'duplicate'])
    })

    test('takes one of sixteen copies that arrive at once', async () => {
      const { inbox, counts } = await start()
      const results = await Promise.all(Array.from({ length: 16 }, () => inbox.put([arrived('a')])))
      expect(results.flat().toSorted()).toEqual([...Array<string>(15).fill('duplicate'), 'inserted'])
      expect(await counts()).toMatchObject({ ready: 1 })
    })

    test('keeps events apart by provider, account, subscription and id, however they are written', async () => {
      const { inbox } = await start()
      const keys = [
        {},
        { provider: 'other' },
        { account: 'acct_1' },
        { subscription: 'we_1' },
        { account: 'acct', subscription: '_1' },
        { account: 'acct_', subscription: '1' },
        { provider: 'stripe:', account: '' },
        { provider: 'strip', account: 'e' },
        { account: 'x', eventId: '0:a' },
        { account: 'x0:', eventId: 'a' },
        { subscription: 'x', eventId: '0:a' },
        { subscription: 'x0:', eventId: 'a' },
      ]
      const results = await inbox.put(keys.map((key) => arrived('a', key)))
      expect(results).toEqual(keys.map(() => 'inserted'))
    })

    test('keeps bodies byte for byte', async () => {
      const { inbox, claimOne } = await start()
      const body = Uint8Array.from([0xef, 0xbb, 0xbf, 0, 255, 0x7b, 0x22, 0xc3, 0x28, 13, 10])
      await inbox.put([arrived('a', { body })])
      expect(Uint8Array.from((await claimOne()).event.body)).toEqual(body)
    })

    test('keeps what was put beside the body', async () => {
      const { inbox, clock } = await start()
      const event = arrived('a', { account: 'acct_1', subscription: 'we_1', occurredAtMs: 5, lane: 'pi_1' })
      await inbox.put([event])
      const [row] = (await inbox.inspect()).events
      const { body: _body, ...rest } = event
      expect(row).toMatchObject({ ...rest, state: 'ready', receivedAtMs: clock.now(), attempts: 0, crashes: 0 })
    })

    test('shows other bytes under a known id as a conflict and never hands them out', async () => {
      const { inbox, claimAll, counts } = await start()
      await inbox.put([arrived('a')])
      const forged = arrived('a', { body: Uint8Array.from([1]) })
      expect(await inbox.put([forged])).toEqual(['conflict'])
      expect(await inbox.put([forged])).toEqual(['conflict'])
      expect(await counts()).toMatchObject({ ready: 1, conflict: 1 })
      expect((await claimAll()).map(({ event }) => event.body.length)).toEqual([arrived('a').body.length])
    })

    test('settles a conflict by skipping it alone, and takes that for no handling of its twin', async () => {
      const { inbox, clock, claimAll, ids, counts } = await start()
      const parent = arrived('a', { marker: 'parent/1' })
      await inbox.put([parent, { ...parent, body: Uint8Array.from([1]) }])
      await inbox.put([arrived('child', { after: { marker: 'parent/1', timeoutMs: 9 * dayMs } })])
      const choice = { by: 'ann', reason: 'a test of the provider' }
      expect(await inbox.requeue({ states: ['conflict'] }, { ...choice, force: true })).toBe(0)
      expect(await inbox.requeue({ states: ['conflict'] }, { ...choice, to: 'skip' })).toBe(1)
      expect(await counts()).toMatchObject({ conflict: 0, superseded: 1, ready: 1, held: 1 })
      expect(ids(await claimAll())).toEqual(['a'])
      // Long after the skipped one was forgotten, its twin is still known.
      await clock.advance(31 * dayMs)
      expect(await inbox.prune()).toMatchObject({ events: 1 })
      expect(await inbox.put([{ ...parent, body: Uint8Array.from([2]) }, parent])).toEqual(['conflict', 'duplicate'])
    })

    test('never hands out what is quarantined', async () => {
      const { inbox, claimAll, counts } = await start()
      expect(await inbox.put([arrived('a', { quarantined: true })])).toEqual(['inserted'])
      expect(await claimAll()).toEqual([])
      expect(await counts()).toMatchObject({ quarantined: 1 })
    })

    test('refuses events beyond its limit and takes them again once there is room', async () => {
      const { inbox, claimOne } = await start({ maxUnfinished: 2 })
      expect(await inbox.put([arrived('a'), arrived('b'), arrived('c')])).toEqual(['inserted', 'inserted', 'full'])
      expect(await inbox.put([arrived('a')])).toEqual(['duplicate'])
      await inbox.settle(await claimOne(), { kind: 'done' })
      expect(await inbox.put([arrived('c')])).toEqual(['inserted'])
    })

    test('takes no room for what is quarantined or known', async () => {
      const { inbox } = await start({ maxUnfinished: 2 })
      const events = [arrived('q', { quarantined: true }), arrived('a'), arrived('a'), arrived('b'), arrived('c')]
      expect(await inbox.put(events)).toEqual(['inserted', 'inserted', 'duplicate', 'inserted', 'full'])
    })

    test('takes room for what is revived', async () => {
      const { inbox, claimOne } = await start({ maxUnfinished: 2 })
      await inbox.put([arrived('dead')])
      await inbox.settle(await claimOne(), { kind: 'dead', error: 'Error' })
      const events = [arrived('dead'), arrived('a'), arrived('b')]
      expect(await inbox.put(events)).toEqual(['revived', 'inserted', 'full'])
    })

    test('hands out what is due, oldest first, up to the limit', async () => {
      const { inbox, claimAll, ids } = await start()
      await inbox.put(['a', 'b', 'c'].map((id) => arrived(id)))
      expect(ids(await claimAll({ limit: 2 }))).toEqual(['a', 'b'])
      expect(ids(await claimAll())).toEqual(['c'])
      expect(ids(await claimAll())).toEqual([])
    })

    test('hands each event to one of many that claim at once', async () => {
      const { inbox, claimAll, ids } = await start()
      const all = Array.from({ length: 40 }, (_, index) => `e${index}`)
      await inbox.put(all.map((id) => arrived(id)))
      const claims = await Promise.all(
        Array.from({ length: 8 }, (_, index) => claimAll({ owner: `w${index}`, limit: 7 })),
      )
      expect(new Set(ids(claims.flat()))).toHaveLength(claims.flat().length)
      const rest = await claimAll({ limit: 40 })
      expect([...ids(claims.flat()), ...ids(rest)].toSorted()).toEqual(all.toSorted())
    })

    test('counts the attempt when it is claimed, not when it fails', async () => {
      const { inbox, claimOne } = await start()
      await inbox.put([arrived('a')])
      expect((await claimOne()).event).toMatchObject({ state: 'leased', attempts: 1 })
      expect((await inbox.inspect()).events[0]).toMatchObject({ state: 'leased', attempts: 1 })
    })

    test('says when the next event comes due', async () => {
      const { inbox, clock, claimOne } = await start()
      expect((await inbox.claim(options)).nextDueAtMs).toBeUndefined()
      await inbox.put([arrived('a')])
      const claim = await claimOne()
      await inbox.settle(claim, { kind: 'retry', afterMs: 5_000, error: 'Error' })
      expect(await inbox.claim(options)).toEqual({ claims: [], nextDueAtMs: clock.now() + 5_000 })
    })

    test('hands a failed event out again when its pause is over', async () => {
      const { inbox, clock, claimAll, claimOne } = await start()
      await inbox.put([arrived('a')])
      expect(await inbox.settle(await claimOne(), { kind: 'retry', afterMs: 5_000, error: 'TypeError' })).toBe(
        'settled',
      )
      await clock.advance(4_999)
      expect(await claimAll()).toEqual([])
      await clock.advance(1)
      expect((await claimOne()).event).toMatchObject({ attempts: 2, lastError: 'TypeError' })
    })

    test.each(['done', 'superseded', 'dead'] as const)('never hands out what is %s', async (kind) => {
      const { inbox, clock, claimAll, claimOne, counts } = await start()
      await inbox.put([arrived('a')])
      const claim = await claimOne()
      await inbox.settle(claim, kind === 'dead' ? { kind, error: 'gone' } : { kind })
      await clock.advance(dayMs)
      expect(await claimAll()).toEqual([])
      expect(await counts()).toMatchObject({ [kind]: 1, leased: 0, ready: 0 })
    })

    test('hands an event out again when its lease has run out, with a higher fence', async () => {
      const { inbox, clock, claimAll, claimOne } = await start()
      await inbox.put([arrived('a')])
      const first = await claimOne()
      await clock.advance(29_999)
      expect(await claimAll()).toEqual([])
      await clock.advance(1)
      const second = await claimOne()
      expect(second.fence).toBeGreaterThan(first.fence)
      expect(second.event).toMatchObject({ attempts: 2, crashes: 1 })
    })

    test('lets only the latest claim settle or extend', async () => {
      const { inbox, clock, claimOne, counts } = await start()
      await inbox.put([arrived('a')])
      const zombie = await claimOne()
      await clock.advance(30_000)
      const second = await claimOne()
      expect(await inbox.settle(zombie, { kind: 'done' })).toBe('lost')
      expect(await inbox.extend(zombie, 30_000)).toBe('lost')
      expect(await counts()).toMatchObject({ leased: 1 })
      expect(await inbox.settle(second, { kind: 'done' })).toBe('settled')
      expect(await inbox.settle(second, { kind: 'done' })).toBe('lost')
    })

    test('keeps an event with the claim that extends its lease', async () => {
      const { inbox, clock, claimAll, claimOne } = await start()
      await inbox.put([arrived('a')])
      const claim = await claimOne()
      await clock.advance(20_000)
      expect(await inbox.extend(claim, 30_000)).toBe('extended')
      await clock.advance(20_000)
      expect(await claimAll()).toEqual([])
      await clock.advance(10_000)
      expect(await claimAll()).toHaveLength(1)
    })

    test('buries an event that takes its process down again and again', async () => {
      const { inbox, clock, claimAll } = await start()
      await inbox.put([arrived('a')])
      for (const expected of [1, 1, 0]) {
        expect(await claimAll({ maxCrashes: 2 })).toHaveLength(expected)
        await clock.advance(30_000)
      }
      expect((await inbox.inspect()).events[0]).toMatchObject({ state: 'dead', crashes: 2, lastError: 'crash-loop' })
    })

    test('buries no event that may take its process down for ever', async () => {
      const { inbox, clock, claimAll } = await start()
      await inbox.put([arrived('a')])
      for (let crashes = 0; crashes < 5; crashes++) {
        expect(await claimAll({ maxCrashes: Number.POSITIVE_INFINITY })).toHaveLength(1)
        await clock.advance(30_000)
      }
    })

    test('buries before it hands out, so that what was held up comes in its place', async () => {
      const { inbox, clock, claimAll, ids, counts } = await start()
      await inbox.put([arrived('deadly', { lane: 'a' })])
      await claimAll()
      await clock.advance(30_000)
      await inbox.put([arrived('a2', { lane: 'a' }), arrived('other')])
      expect(ids(await claimAll({ maxCrashes: 1 }))).toEqual(['a2', 'other'])
      expect(await counts()).toMatchObject({ dead: 1, leased: 2 })
    })

    test('buries also what is not the next in its lane', async () => {
      const { inbox, clock, claimAll, ids, counts } = await start()
      await inbox.put([arrived('deadly', { lane: 'a' }), arrived('a2', { lane: 'a' })])
      await claimAll()
      await clock.advance(30_000)
      expect(ids(await claimAll({ maxCrashes: 1 }))).toEqual(['a2'])
      expect(await counts()).toMatchObject({ dead: 1, leased: 1 })
    })

    test('hands out one event of a lane at a time, and other lanes meanwhile', async () => {
      const { inbox, claimAll, ids } = await start()
      const lanes = { a1: 'a', a2: 'a', b1: 'b', a3: 'a', n1: undefined, n2: undefined }
      await inbox.put(Object.entries(lanes).map(([id, lane]) => arrived(id, lane === undefined ? {} : { lane })))
      const claims = await claimAll()
      expect(ids(claims)).toEqual(['a1', 'b1', 'n1', 'n2'])
      expect(await claimAll()).toEqual([])
      await inbox.settle(claims[0] as Claim, { kind: 'done' })
      expect(ids(await claimAll())).toEqual(['a2'])
    })

    test('lets the rest of a lane pass an event that waits for its next attempt', async () => {
      const { inbox, claimAll, claimOne, ids } = await start()
      await inbox.put([arrived('a1', { lane: 'a' }), arrived('a2', { lane: 'a' })])
      await inbox.settle(await claimOne(), { kind: 'retry', afterMs: 60_000, error: 'Error' })
      expect(ids(await claimAll())).toEqual(['a2'])
    })

    test('frees a lane whose lease has run out', async () => {
      const { inbox, clock, claimAll, ids } = await start()
      await inbox.put([arrived('a1', { lane: 'a' }), arrived('a2', { lane: 'a' })])
      await claimAll()
      await clock.advance(30_000)
      expect(ids(await claimAll())).toEqual(['a2'])
    })

    const inLane = (lane: string, laneOrder: 'serial' | 'strict' = 'serial') => ({ lane, laneOrder })
    const finish = async (inbox: Inbox<Transaction>, claim: Claim, outcome: Outcome = { kind: 'done' }) =>
      expect(await inbox.settle(claim, outcome)).toBe('settled')

    test('hands out an ordered lane one by one and in the order of arrival, and other lanes meanwhile', async () => {
      const { inbox, claimAll, ids, counts } = await start()
      const lanes = { a1: 'a', a2: 'a', b1: 'b', a3: 'a' }
      await inbox.put(Object.entries(lanes).map(([id, lane]) => arrived(id, inLane(lane))))
      const [a1, b1] = await claimAll()
      expect(ids([a1, b1] as Claim[])).toEqual(['a1', 'b1'])
      expect(await counts()).toMatchObject({ leased: 2, held: 2 })
      expect((await inbox.inspect({ states: ['held'] })).events.map(({ dueAtMs }) => dueAtMs)).toEqual([
        neverMs,
        neverMs,
      ])
      await finish(inbox, a1 as Claim)
      expect(ids(await claimAll())).toEqual(['a2'])
    })

    test('lets nothing of an ordered lane pass an event that waits for its next attempt', async () => {
      const { inbox, clock, claimAll, claimOne, ids } = await start()
      await inbox.put(['a1', 'a2'].map((id) => arrived(id, inLane('a'))))
      await finish(inbox, await claimOne(), { kind: 'retry', afterMs: 60_000, error: 'Error' })
      expect(await inbox.claim(options)).toEqual({ claims: [], nextDueAtMs: clock.now() + 60_000 })
      await clock.advance(60_000)
      expect(ids(await claimAll())).toEqual(['a1'])
    })

    test('says that nothing comes due by itself where all that is left waits for others', async () => {
      const { inbox, claimAll } = await start()
      await inbox.put(['a1', 'a2'].map((id) => arrived(id, inLane('a', 'strict'))))
      const [claim] = await claimAll()
      await finish(inbox, claim as Claim, { kind: 'dead', error: 'Error' })
      expect(await inbox.claim(options)).toEqual({ claims: [], nextDueAtMs: undefined })
    })

    test('keeps exclusive and ordered lanes of one name apart', async () => {
      const { inbox, claimAll, ids } = await start()
      await inbox.put([arrived('a1', inLane('a')), arrived('a2', { lane: 'a' }), arrived('a3', { lane: 'a' })])
      expect(ids(await claimAll())).toEqual(['a1', 'a2'])
    })

    test('goes on in a serial lane after an event that was given up', async () => {
      const { inbox, claimAll, claimOne, ids } = await start()
      await inbox.put(['a1', 'a2'].map((id) => arrived(id, inLane('a'))))
      await finish(inbox, await claimOne(), { kind: 'dead', error: 'Error' })
      expect(ids(await claimAll())).toEqual(['a2'])
    })

    test('goes on in an ordered lane after an event that took its process down too often', async () => {
      const { inbox, clock, claimAll, ids } = await start()
      await inbox.put(['a1', 'a2'].map((id) => arrived(id, inLane('a'))))
      await claimAll({ maxCrashes: 1 })
      await clock.advance(30_000)
      await inbox.put([arrived('free')])
      expect(ids(await claimAll({ maxCrashes: 1 })).toSorted()).toEqual(['a2', 'free'])
    })

    test('blocks a strict lane behind a dead event, shows it, and goes on when that was handled again', async () => {
      const { inbox, claimAll, claimOne, ids } = await start()
      await inbox.put(['a1', 'a2', 'a3'].map((id) => arrived(id, inLane('a', 'strict'))))
      await inbox.put([arrived('b1', inLane('b', 'strict'))])
      const claim = await claimOne()
      await finish(inbox, claim, { kind: 'dead', error: 'Error' })
      expect(ids(await claimAll())).toEqual(['b1'])
      const { problems } = await inbox.inspect({ limit: 0, problems: true })
      expect(problems?.blockedLanes).toEqual([{ lane: 'a', seq: claim.event.seq, waiting: 2 }])
      expect(await inbox.requeue({ lane: 'a' }, { by: 'ann', reason: 'fixed' })).toBe(1)
      for (const expected of ['a1', 'a2', 'a3']) {
        const claims = await claimAll()
        expect(ids(claims)).toEqual([expected])
        await finish(inbox, claims[0] as Claim)
      }
      expect((await inbox.inspect({ problems: true })).problems?.blockedLanes).toEqual([])
    })

    test('skips the dead event of a strict lane when it is told to', async () => {
      const { inbox, claimAll, claimOne, ids, counts } = await start()
      await inbox.put(['a1', 'a2'].map((id) => arrived(id, inLane('a', 'strict'))))
      await finish(inbox, await claimOne(), { kind: 'dead', error: 'Error' })
      expect(await inbox.requeue({ states: ['dead'] }, { by: 'ann', reason: 'gone', to: 'skip' })).toBe(1)
      expect(ids(await claimAll())).toEqual(['a2'])
      expect(await counts()).toMatchObject({ superseded: 1, dead: 0 })
      expect((await inbox.inspect({ states: ['superseded'] })).events[0]).toMatchObject({
        requeued: { by: 'ann', reason: 'gone' },
      })
    })

    test('hands a requeued lane out in its original order', async () => {
      const { inbox, claimAll, ids } = await start()
      await inbox.put(['a1', 'a2', 'a3'].map((id) => arrived(id, inLane('a'))))
      for (let left = 3; left > 0; left--) {
        await finish(inbox, (await claimAll())[0] as Claim, { kind: 'dead', error: 'Error' })
      }
      expect(await inbox.requeue({}, { by: 'ann', reason: 'fixed' })).toBe(3)
      for (const expected of ['a1', 'a2', 'a3']) {
        const claims = await claimAll()
        expect(ids(claims)).toEqual([expected])
        await finish(inbox, claims[0] as Claim)
      }
    })

    test('revives a dead event of an ordered lane into its turn', async () => {
      const { inbox, claimAll, claimOne, ids } = await start()
      await inbox.put(['a1', 'a2'].map((id) => arrived(id, inLane('a'))))
      await finish(inbox, await claimOne(), { kind: 'dead', error: 'Error' })
      const second = await claimOne()
      expect(await inbox.put([arrived('a1', inLane('a'))])).toEqual(['revived'])
      expect(await claimAll()).toEqual([])
      await finish(inbox, second)
      expect(ids(await claimAll())).toEqual(['a1'])
    })

    test('supersedes what waits in the lane of an event that covers it, and nothing that came later', async () => {
      const { inbox, claimAll, claimOne, ids, counts } = await start()
      await inbox.put(['a1', 'a2', 'a3'].map((id) => arrived(id, inLane('a'))))
      await inbox.put([arrived('b1', inLane('b')), arrived('n1')])
      const claim = await claimOne()
      await inbox.put([arrived('a4', inLane('a'))])
      await finish(inbox, claim, { kind: 'done', coversSeq: claim.newestSeq })
      expect(await counts()).toMatchObject({ done: 1, superseded: 2, held: 0 })
      expect(ids(await claimAll()).toSorted()).toEqual(['a4', 'b1', 'n1'])
    })

    test('tells a claim what had arrived when it was made', async () => {
      const { inbox, claimOne } = await start()
      await inbox.put([arrived('a'), arrived('b')])
      const claim = await claimOne()
      await inbox.put([arrived('c')])
      const events = (await inbox.inspect()).events.filter(({ seq }) => seq <= claim.newestSeq)
      expect(events.map(({ eventId }) => eventId)).toEqual(['a', 'b'])
    })

    const after = (marker: string) => ({ after: { marker, timeoutMs: 60_000 } })

    test('holds an event until one with its marker was handled', async () => {
      const { inbox, claimAll, ids, counts } = await start()
      await inbox.put([
        arrived('child', after('parent/1')),
        arrived('parent', { marker: 'parent/1' }),
        arrived('other'),
      ])
      const claims = await claimAll()
      expect(ids(claims)).toEqual(['parent', 'other'])
      expect(await counts()).toMatchObject({ held: 1 })
      await finish(inbox, claims[1] as Claim)
      expect(await claimAll()).toEqual([])
      await finish(inbox, claims[0] as Claim)
      const [child] = await claimAll()
      expect(child?.event).toMatchObject({ eventId: 'child', attempts: 1 })
      expect(child?.event).not.toHaveProperty('waitsFor')
    })

    test('does not hold an event whose marker was handled before it came', async () => {
      const { inbox, claimAll, claimOne, ids } = await start()
      await inbox.put([arrived('parent', { marker: 'parent/1' })])
      await finish(inbox, await claimOne(), { kind: 'superseded' })
      await inbox.put([arrived('child', after('parent/1'))])
      expect(ids(await claimAll())).toEqual(['child'])
    })

    test('hands a held event out when its time is over, and says what did not come', async () => {
      const { inbox, clock, claimAll, claimOne } = await start()
      await inbox.put([arrived('parent', { marker: 'parent/1' }), arrived('child', after('parent/1'))])
      await finish(inbox, await claimOne(), { kind: 'dead', error: 'Error' })
      expect(await inbox.claim(options)).toEqual({ claims: [], nextDueAtMs: clock.now() + 60_000 })
      await clock.advance(60_000)
      const [claim] = await claimAll()
      expect(claim?.event).toMatchObject({ eventId: 'child', waitsFor: 'parent/1', attempts: 1 })
      await finish(inbox, claim as Claim, { kind: 'retry', afterMs: 0, error: 'Error' })
      expect((await claimOne()).event).toMatchObject({ waitsFor: 'parent/1', attempts: 2 })
    })

    test('holds an event that was claimed, without counting the attempt, until its time or its marker comes', async () => {
      const { inbox, clock, claimAll, claimOne } = await start()
      await inbox.put([arrived('child'), arrived('parent', { marker: 'parent/1' })])
      await finish(inbox, await claimOne(), { kind: 'hold', forMs: 5_000 })
      const parent = await claimOne()
      await clock.advance(4_999)
      expect(await claimAll()).toEqual([])
      await clock.advance(1)
      const child = await claimOne()
      expect(child.event).toMatchObject({ eventId: 'child', attempts: 1 })
      await finish(inbox, child, { kind: 'hold', forMs: 5_000, marker: 'parent/1' })
      expect(await claimAll()).toEqual([])
      await finish(inbox, parent)
      expect((await claimOne()).event).toMatchObject({ eventId: 'child', attempts: 1 })
    })

    test('counts an attempt that is held for a marker that was handled already, so that none is held for ever', async () => {
      const { inbox, claimOne } = await start()
      await inbox.put([arrived('parent', { marker: 'parent/1' }), arrived('child')])
      await finish(inbox, await claimOne())
      await finish(inbox, await claimOne(), { kind: 'hold', forMs: 5_000, marker: 'parent/1' })
      expect((await claimOne()).event).toMatchObject({ eventId: 'child', attempts: 2 })
    })

    test('keeps the turn of an event of an ordered lane that is held', async () => {
      const { inbox, clock, claimAll, claimOne, ids } = await start()
      await inbox.put(['a1', 'a2'].map((id) => arrived(id, inLane('a'))))
      await finish(inbox, await claimOne(), { kind: 'hold', forMs: 5_000, marker: 'never' })
      expect(await claimAll()).toEqual([])
      await clock.advance(5_000)
      expect(ids(await claimAll())).toEqual(['a1'])
    })

    test('wakes what waited for an event that was skipped', async () => {
      const { inbox, claimAll, claimOne, ids } = await start()
      await inbox.put([arrived('parent', { marker: 'parent/1' }), arrived('child', after('parent/1'))])
      await finish(inbox, await claimOne(), { kind: 'dead', error: 'Error' })
      await inbox.requeue({ marker: 'parent/1' }, { by: 'ann', reason: 'gone', to: 'skip' })
      expect(ids(await claimAll())).toEqual(['child'])
    })

    test('refuses an event that would wait in two ways', async () => {
      const { inbox, counts } = await start()
      await expect(inbox.put([arrived('a', { ...inLane('a'), ...after('b') })])).rejects.toMatchObject({
        code: 'usage',
      })
      expect(await counts()).toMatchObject({ ready: 0, held: 0 })
    })

    test('hands out nothing of the providers that are excepted, nor counts when they come due', async () => {
      const { inbox, claimAll, ids } = await start()
      await inbox.put([arrived('a'), arrived('b', { provider: 'other' })])
      const exceptProviders = ['stripe', "a'b"]
      expect((await inbox.claim({ ...options, exceptProviders })).claims.map(({ event }) => event.eventId)).toEqual([
        'b',
      ])
      const { nextDueAtMs } = await inbox.claim({ ...options, exceptProviders: ['stripe', 'other'] })
      expect(nextDueAtMs).toBeUndefined()
      expect(ids(await claimAll())).toEqual(['a'])
    })

    test('selects by lane, marker, kind of failure and time of arrival', async () => {
      const { inbox, clock, claimAll } = await start()
      await inbox.put([arrived('a', { lane: 'x', marker: 'm' }), arrived('b', { type: 'other' })])
      await clock.advance(10)
      await inbox.put([arrived('c', { lane: 'y' })])
      for (const claim of await claimAll()) {
        await finish(inbox, claim, { kind: 'dead', error: claim.event.eventId === 'c' ? 'TypeError' : 'Error' })
      }
      const found = async (selector: Parameters<typeof inbox.inspect>[0]) =>
        (await inbox.inspect(selector)).events.map(({ eventId }) => eventId)
      expect(await found({ lane: 'x' })).toEqual(['a'])
      expect(await found({ marker: 'm' })).toEqual(['a'])
      expect(await found({ lastError: 'Error' })).toEqual(['a', 'b'])
      expect(await found({ sinceMs: clock.now() })).toEqual(['c'])
      expect(await found({ lastError: 'Error', type: 'other', states: ['dead'] })).toEqual(['b'])
      expect((await inbox.inspect({ limit: 0, problems: true })).problems?.dead).toEqual([
        ...['other', 'test.event'].map((type) => ({
          provider: 'stripe',
          type,
          lastError: 'Error',
          count: 1,
          oldestMs: clock.now() - 10,
          newestMs: clock.now() - 10,
        })),
        {
          provider: 'stripe',
          type: 'test.event',
          lastError: 'TypeError',
          count: 1,
          oldestMs: clock.now(),
          newestMs: clock.now(),
        },
      ])
    })

    test('revives a dead event that is delivered again', async () => {
      const { inbox, claimOne } = await start()
      await inbox.put([arrived('a')])
      await inbox.settle(await claimOne(), { kind: 'dead', error: 'Error' })
      expect(await inbox.put([arrived('a')])).toEqual(['revived'])
      expect((await claimOne()).event).toMatchObject({ eventId: 'a', attempts: 1, replays: 1 })
    })

    test('leaves a dead event dead when it is told to', async () => {
      const { inbox, claimAll, claimOne } = await start({ reviveDead: false })
      await inbox.put([arrived('a')])
      await inbox.settle(await claimOne(), { kind: 'dead', error: 'Error' })
      expect(await inbox.put([arrived('a')])).toEqual(['duplicate'])
      expect(await claimAll()).toEqual([])
    })

    test('requeues what is dead, once, and remembers who asked', async () => {
      const { inbox, claimAll, ids } = await start()
      await inbox.put([arrived('a'), arrived('b'), arrived('c', { type: 'other' })])
      for (const claim of await claimAll()) await inbox.settle(claim, { kind: 'dead', error: 'Error' })
      const order = { by: 'ann', reason: 'fixed' }
      const selector = { type: 'test.event', states: ['dead'] as const }
      expect(await inbox.requeue(selector, { ...order, dryRun: true })).toBe(2)
      expect(await inbox.requeue(selector, order)).toBe(2)
      expect(await inbox.requeue(selector, order)).toBe(0)
      const claims = await claimAll()
      expect(ids(claims)).toEqual(['a', 'b'])
      expect(claims[0]?.event).toMatchObject({ attempts: 1, replays: 1, requeued: order })
    })

    test('requeues what was done only by force', async () => {
      const { inbox, claimOne, claimAll } = await start()
      await inbox.put([arrived('a')])
      const claim = await claimOne()
      await inbox.settle(claim, { kind: 'done' })
      const selector = { seqs: [claim.event.seq], eventId: 'a', provider: 'stripe' }
      expect(await inbox.requeue(selector, { by: 'ann', reason: 'why' })).toBe(0)
      expect(await inbox.requeue(selector, { by: 'ann', reason: 'why', force: true })).toBe(1)
      expect(await claimAll()).toHaveLength(1)
    })

    test('requeues nothing whose body was pruned, and all that came without one', async () => {
      const { inbox, clock, claimAll, ids } = await start()
      await inbox.put([arrived('pruned'), arrived('empty', { body: new Uint8Array(0) })])
      for (const claim of await claimAll()) await inbox.settle(claim, { kind: 'done' })
      await clock.advance(15 * dayMs)
      expect(await inbox.prune()).toMatchObject({ bodies: 1 })
      const order = { by: 'ann', reason: 'why', force: true }
      expect(await inbox.requeue({}, { ...order, dryRun: true })).toBe(1)
      expect(await inbox.requeue({}, order)).toBe(1)
      expect(ids(await claimAll())).toEqual(['empty'])
    })

    test('shows events in pages, in order of arrival, and the numbers of all', async () => {
      const { inbox, clock, claimOne } = await start()
      await inbox.put([arrived('a')])
      await inbox.settle(await claimOne(), { kind: 'done' })
      const secondMs = clock.now() + 1_000
      await clock.advance(1_000)
      await inbox.put([arrived('b'), arrived('c')])
      const first = await inbox.inspect({ limit: 2 })
      expect(first.events.map((event) => event.eventId)).toEqual(['a', 'b'])
      expect(first).toMatchObject({ counts: { done: 1, ready: 2, dead: 0 }, oldestUnfinishedMs: secondMs })
      const next = await inbox.inspect({ limit: 2, afterSeq: first.events[1]?.seq ?? 0 })
      expect(next.events.map((event) => event.eventId)).toEqual(['c'])
      expect((await inbox.inspect({ states: ['done'] })).events).toHaveLength(1)
    })

    test('prunes old bodies, then all but the key, of what is finished, and knows the event meanwhile', async () => {
      const { inbox, clock, claimOne, counts } = await start()
      await inbox.put([arrived('done'), arrived('dead'), arrived('waits')])
      await inbox.settle(await claimOne(), { kind: 'done' })
      await inbox.settle(await claimOne(), { kind: 'dead', error: 'Error' })
      await clock.advance(15 * dayMs)
      expect(await inbox.prune()).toEqual({ bodies: 1, events: 0, tombstones: 0 })
      expect(await inbox.prune()).toEqual({ bodies: 0, events: 0, tombstones: 0 })
      expect(await inbox.put([arrived('done')])).toEqual(['duplicate'])
      expect(await inbox.put([arrived('done', { body: Uint8Array.from([1]) })])).toEqual(['conflict'])
      await clock.advance(16 * dayMs)
      expect(await inbox.prune()).toEqual({ bodies: 0, events: 1, tombstones: 0 })
      expect(await counts()).toMatchObject({ done: 0, dead: 1, ready: 1 })
    })

    test('knows a delivery by its tombstone until that is forgotten', async () => {
      const { inbox, clock, claimOne, counts } = await start()
      const others = [arrived('a', { account: 'acct_1' }), arrived('a', { subscription: 'we_1' })]
      await inbox.put([arrived('a')])
      await inbox.settle(await claimOne(), { kind: 'superseded' })
      await clock.advance(31 * dayMs)
      await inbox.prune()
      expect(await inbox.put([arrived('a'), ...others])).toEqual(['duplicate', 'inserted', 'inserted'])
      await clock.advance(58 * dayMs)
      expect(await inbox.prune()).toMatchObject({ tombstones: 0 })
      expect(await inbox.put([arrived('a')])).toEqual(['duplicate'])
      await clock.advance(3 * dayMs)
      expect(await inbox.prune()).toMatchObject({ tombstones: 1 })
      expect(await inbox.put([arrived('a')])).toEqual(['inserted'])
      expect(await counts()).toMatchObject({ ready: 3 })
    })

    test('knows a delivery by its tombstone also when it is full', async () => {
      const { inbox, clock, claimOne } = await start({ maxUnfinished: 1 })
      await inbox.put([arrived('a')])
      await inbox.settle(await claimOne(), { kind: 'done' })
      await clock.advance(31 * dayMs)
      await inbox.prune()
      expect(await inbox.put([arrived('b'), arrived('a'), arrived('c')])).toEqual(['inserted', 'duplicate', 'full'])
    })

    test('refuses to forget events while their provider may still retry', async () => {
      const { inbox } = await start()
      const patient: DeliveryFacts = { ...unknownDelivery, retryAfterMs: Array<number>(10).fill(dayMs) }
      const providers = [{ webhooks: { delivery: patient } }]
      for (const retention of [{ tombstonesAfterMs: 2 * dayMs }, { tombstonesAfterMs: 9 * dayMs, providers }]) {
        await expect(inbox.prune(retention)).rejects.toMatchObject({ code: 'usage' })
      }
      await inbox.prune({ tombstonesAfterMs: 10 * dayMs, providers })
    })

    test('calls its watchers when an event becomes ready, and only then', async () => {
      const { inbox, claimOne } = await start()
      let calls = 0
      const stop = inbox.watch(() => calls++)
      await inbox.put([arrived('a')])
      expect(calls).toBe(1)
      await inbox.put([arrived('a')])
      await inbox.settle(await claimOne(), { kind: 'dead', error: 'Error' })
      expect(calls).toBe(1)
      await inbox.requeue({}, { by: 'ann', reason: 'why' })
      expect(calls).toBe(2)
      stop()
      await inbox.put([arrived('b')])
      expect(calls).toBe(2)
    })

    if (effects === 'none') {
      test('takes no effects and says so', async () => {
        const { inbox, claimOne, counts } = await start()
        expect(inbox.guarantees.atomicEffects).toBe(false)
        await inbox.put([arrived('a')])
        const claim = await claimOne()
        await expect(
          inbox.settle(
            claim,
            { kind: 'done' },
            effectOf<Transaction>(() => {}),
          ),
        ).rejects.toMatchObject({
          code: 'usage',
        })
        expect(await counts()).toMatchObject({ leased: 1 })
      })
      return
    }

    test('settles nothing when the effect throws', async () => {
      const { inbox, claimOne, counts } = await start()
      await inbox.put([arrived('a')])
      const claim = await claimOne()
      const failing = () => {
        throw new Error('effect failed')
      }
      await expect(inbox.settle(claim, { kind: 'done' }, effectOf(failing))).rejects.toThrow('effect failed')
      expect(await counts()).toMatchObject({ leased: 1, done: 0 })
      expect(await inbox.settle(claim, { kind: 'done' })).toBe('settled')
    })

    test('makes no effect for a claim that is lost', async () => {
      const { inbox, clock, claimOne } = await start()
      await inbox.put([arrived('a')])
      const zombie = await claimOne()
      await clock.advance(30_000)
      await claimOne()
      let effectRan = false
      expect(
        await inbox.settle(
          zombie,
          { kind: 'done' },
          effectOf(() => void (effectRan = true)),
        ),
      ).toBe('lost')
      expect(effectRan).toBe(false)
    })

    if (effects === undefined) {
      test('does not promise that effects commit along', async () => {
        expect((await start()).inbox.guarantees.atomicEffects).toBe(false)
      })
      return
    }

    test('commits effects together with the settling, or neither', async () => {
      const { inbox, claimOne, counts } = await start()
      expect(inbox.guarantees.atomicEffects).toBe(true)
      await inbox.put([arrived('a')])
      const claim = await claimOne()
      const writeThenThrow = async (transaction: Transaction) => {
        await effects.write(transaction)
        throw new Error('after the effect')
      }
      await expect(inbox.settle(claim, { kind: 'done' }, effectOf(writeThenThrow))).rejects.toThrow()
      expect(await effects.count(inbox)).toBe(0)
      expect(await inbox.settle(claim, { kind: 'done' }, effectOf(effects.write))).toBe('settled')
      expect(await effects.count(inbox)).toBe(1)
      expect(await counts()).toMatchObject({ done: 1 })
    })
  })
}
