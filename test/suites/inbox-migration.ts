import { expect } from 'vitest'
import { type Claim, type Inbox } from '../../src/webhooks/inbox.ts'
import { arrived } from './inbox-store.ts'

/** What an inbox must do whose tables the first version made, with the events of `firstSchema` in them. */
export async function goesOnFromFirstSchema(inbox: Inbox<never>): Promise<void> {
  const body = Uint8Array.from(Buffer.from('{}'))
  const again = ['ready', 'leased', 'done', 'dead'].map((id) => arrived(id, { body }))
  expect(await inbox.put(again)).toEqual(['duplicate', 'duplicate', 'duplicate', 'revived'])
  const { claims } = await inbox.claim({ owner: 'w', limit: 10, leaseMs: 60_000 })
  // Lanes of the first version had no order: one event at a time, as before.
  expect(claims.map(({ event }) => event.eventId)).toEqual(['ready', 'leased', 'dead'])
  expect(claims[0]?.event).not.toHaveProperty('laneOrder')
  for (const claim of claims) expect(await inbox.settle(claim, { kind: 'done' })).toBe('settled')
  const second = (await inbox.claim({ owner: 'w', limit: 10, leaseMs: 60_000 })).claims[0] as Claim
  expect(second.event.eventId).toBe('second')

  const after = { marker: 'm', timeoutMs: 1_000_000 }
  await inbox.put([arrived('child', { after }), arrived('next', { lane: 'a', laneOrder: 'serial' })])
  expect((await inbox.inspect()).counts).toMatchObject({ done: 4, leased: 1, held: 1, ready: 1 })
}
