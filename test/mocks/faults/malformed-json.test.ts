import { describe, expect, test } from 'vitest'
import * as fc from 'fast-check'
import { lightResponse } from '../../../src/core/light.ts'
import { malformedJson } from '../../../src/mocks/faults/malformed-json.ts'
import { faultLaws } from '../../suites/fault-laws.ts'
import { always, faultWorld, post } from '../fault-world.ts'

faultLaws({ kind: 'malformed-json' }, { effects: 1 })

describe('malformed-json', () => {
  test('keeps status and headers and sends the length that the body has', async () => {
    const world = faultWorld(always({ kind: 'malformed-json' }))

    const response = await world.clock.run(() => world.mock(post()))

    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('content-length')).toBe(`${(await response.text()).length}`)
  })

  test('makes what no parser takes out of any JSON text', async () => {
    const tools = { clock: faultWorld({ faults: [] }).clock, random: () => 0, errorResponse: () => lightResponse('') }
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.constantFrom('', '\n', ' \r\n\t'), async (json, space) => {
        const service = malformedJson({ kind: 'malformed-json' }, tools)(async () => lightResponse(json + space))
        const text = await (await service(post())).text()
        expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError)
      }),
    )
  })
})
