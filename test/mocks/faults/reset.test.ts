import { expect, test } from 'vitest'
import { faultLaws } from '../../suites/fault-laws.ts'
import { always, faultWorld, post } from '../fault-world.ts'

faultLaws({ kind: 'reset' }, { effects: 0 })

test('a reset rejects as fetch does when the peer resets the connection', async () => {
  const { mock } = faultWorld(always({ kind: 'reset' }))

  const error: unknown = await mock(post()).catch((reason: unknown) => reason)

  expect(error).toBeInstanceOf(TypeError)
  expect(error).toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNRESET' } })
})
