import { describe, expect, test } from 'vitest'
import { stack } from '../../../src/core/service.ts'
import { stageOf } from '../../../src/mocks/faults/fault.ts'
import { faultLaws } from '../../suites/fault-laws.ts'
import { always, faultWorld, post } from '../fault-world.ts'

faultLaws({ kind: 'status', status: 503 }, { effects: 0 })
faultLaws({ kind: 'status', status: 500, stored: true }, { effects: 0 })

describe('status', () => {
  test('refuses in the words of the provider', async () => {
    const world = faultWorld(always({ kind: 'status', status: 409, code: 'lock_timeout' }))

    const response = await world.mock(post())

    expect(response.status).toBe(409)
    expect(world.refusals).toEqual([{ status: 409, code: 'lock_timeout' }])
  })

  test('is 500 with what the provider says then, unless told otherwise', async () => {
    const world = faultWorld(always({ kind: 'status' }))

    await world.mock(post())

    expect(world.refusals).toEqual([{ status: 500, code: undefined }])
  })

  test('stands inside the replay of answers exactly when it is stored', async () => {
    const replay: string[] = []
    for (const stored of [false, true]) {
      const { faults } = faultWorld(always({ kind: 'status', stored }))
      const remembering = stack(
        faults.network,
        (next) => async (request) => {
          const response = await next(request)
          replay.push(`stored ${stored}: remembers ${response.status}`)
          return response
        },
        faults.execution,
      )
      await remembering(async () => new Response())(post())
    }

    expect(replay).toEqual(['stored true: remembers 500'])
    expect(stageOf({ kind: 'status', stored: true })).toBe('execution')
  })
})
