import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { bytesOf, jsonOf } from '../../src/core/body.ts'
import { JsonBody } from '../../src/core/json-body.ts'
import { lightResponse } from '../../src/core/light.ts'
import { toPlatformResponse } from '../../src/core/platform.ts'

/** JSON as a provider's handlers make it: members may be undefined, and any name may come. */
const anyMember = fc.letrec<{ value: unknown; object: object }>((tie) => ({
  value: fc.oneof(fc.constantFrom(null, true, 0, 1.5, -3, '', 'ä\u2028\ud800'), fc.constant(undefined), tie('object')),
  object: fc.oneof(
    { maxDepth: 4 },
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '7', '1')), tie('value'), {
      maxKeys: 6,
    }),
    fc.array(tie('value'), { maxLength: 4 }),
  ),
}))
const anyJson = anyMember.object

describe('JsonBody', () => {
  test('reads as what parsing its text gives, members in the same order', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const read = new JsonBody(value).read()
        const parsed = JSON.parse(JSON.stringify(value)) as object
        expect(read).toEqual(parsed)
        expect(JSON.stringify(read)).toBe(JSON.stringify(parsed))
      }),
    )
  })

  test('gives each reader a copy of his own', () => {
    const body = new JsonBody({ list: [{ a: 1 }], nested: { b: 2 } })

    const mine = body.read() as { list: { a: number }[]; nested: { b: number } }
    mine.nested.b = 3
    mine.list.push({ a: 4 })

    expect(body.read()).toEqual({ list: [{ a: 1 }], nested: { b: 2 } })
  })

  test.each([
    ['json()', (response: Response) => response.json()],
    ['jsonOf()', (response: Response) => jsonOf(response)],
    ['text()', async (response: Response) => JSON.parse(await response.text()) as unknown],
    [
      'bytesOf()',
      async (response: Response) => JSON.parse(new TextDecoder().decode(await bytesOf(response))) as unknown,
    ],
    ['a clone', (response: Response) => response.clone().json()],
    ['the platform', (response: Response) => toPlatformResponse(response).json()],
  ])('says the same through %s of a response', async (_, read) => {
    expect(await read(lightResponse(new JsonBody({ a: [1, { b: null }] })))).toEqual({ a: [1, { b: null }] })
  })

  test('is read once, as any body is', async () => {
    const response = lightResponse(new JsonBody({}))
    await response.json()

    expect(response.bodyUsed).toBe(true)
    await expect(response.json()).rejects.toThrow(TypeError)
    await expect(response.text()).rejects.toThrow(TypeError)
  })
})
