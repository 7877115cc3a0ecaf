import { describe, expect, test } from 'vitest'
import { lightResponse } from '../../../src/core/light.ts'
import { truncatedBody } from '../../../src/mocks/faults/truncated-body.ts'
import { faultLaws } from '../../suites/fault-laws.ts'
import { always, answerText, endOf, faultWorld, post } from '../fault-world.ts'

faultLaws({ kind: 'truncated-body', afterBytes: 7 }, { effects: 1 })

describe('truncated-body', () => {
  test.each([
    [0, ''],
    [7, '{"id":"'],
    [1_000, answerText.slice(0, -1)],
    [undefined, answerText.slice(0, 13)],
  ])('after %s bytes the body breaks off', async (afterBytes, arrived) => {
    const world = faultWorld(always({ kind: 'truncated-body', ...(afterBytes === undefined ? {} : { afterBytes }) }))

    const end = await world.clock.run(() => endOf(world.mock(post())))

    expect(end).toBe(`200 ${arrived} cut: UND_ERR_SOCKET`)
  })

  test('promises the full length and fails in the words of fetch', async () => {
    const world = faultWorld(always({ kind: 'truncated-body' }))

    const response = await world.clock.run(() => world.mock(post()))

    expect(response.headers.get('content-length')).toBe(`${answerText.length}`)
    expect(response.headers.get('request-id')).toBe('req_1')
    await expect(response.text()).rejects.toMatchObject({ name: 'TypeError', message: 'terminated' })
  })

  test('has nothing to cut in an answer without a body', async () => {
    const empty = lightResponse(null, { status: 204 })
    const tools = { clock: faultWorld({ faults: [] }).clock, random: () => 0, errorResponse: () => empty }

    const service = truncatedBody({ kind: 'truncated-body' }, tools)(async () => empty)

    expect(await service(post())).toBe(empty)
  })
})
