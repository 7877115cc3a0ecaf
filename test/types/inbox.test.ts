import { type DatabaseSync } from 'node:sqlite'
import { describe, expectTypeOf, test } from 'vitest'
import { type Claim, createWorker, type Inbox } from '../../src/webhooks/index.ts'

declare const buffer: Inbox<never>
declare const atomic: Inbox<DatabaseSync>
declare const claim: Claim

describe('an inbox without atomic effects', () => {
  test('takes no effect, whatever it is made with', () => {
    // Never called: only its types are judged.
    const uses = async () => {
      await buffer.settle(claim, { kind: 'done' })
      // @ts-expect-error an effect would not be committed along
      await buffer.settle(claim, { kind: 'done' }, () => {})
      // @ts-expect-error an effect would not be committed along
      await buffer.settle(claim, { kind: 'done' }, (_database: DatabaseSync) => {})
      await atomic.settle(claim, { kind: 'done' }, (database) => database.exec('SELECT 1'))
    }
    expectTypeOf(uses).toBeFunction()
  })

  test('gives handlers no effect to register', () => {
    const uses = () => [
      createWorker({
        inbox: buffer,
        // @ts-expect-error an effect would not be committed along
        handle: (_event, context) => context.effect(() => {}),
      }),
      createWorker({
        inbox: atomic,
        handle: (_event, context) => context.effect((database) => database.exec('SELECT 1')),
      }),
    ]
    expectTypeOf(uses).toBeFunction()
  })
})
