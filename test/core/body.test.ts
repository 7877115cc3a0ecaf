import { describe, expect, test } from 'vitest'
import { bytesOf, rememberBytes, textOf } from '../../src/core/body.ts'

describe('bytesOf', () => {
  test('gives every reader the same bytes, also at the same time', async () => {
    const request = new Request('https://api.test/', { method: 'POST', body: 'größer' })
    const [first, second] = await Promise.all([bytesOf(request), bytesOf(request)])
    expect(second).toBe(first)
    expect(await textOf(request)).toBe('größer')
  })

  test('refuses a body over the limit without reading on', async () => {
    let pulled = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled++
        controller.enqueue(new Uint8Array(1_000))
      },
    })
    const response = new Response(body)
    await expect(bytesOf(response, { maxBytes: 3_500 })).rejects.toMatchObject({
      code: 'body_too_large',
      facts: { maxBytes: 3_500 },
    })
    expect(pulled).toBeLessThan(7)
  })

  test('stops in the turn in which its signal aborts, whatever the sender does', async () => {
    const reason = new Error('too slow')
    const controller = new AbortController()
    const told: unknown[] = []
    const body = new ReadableStream<Uint8Array>({
      start: (sender) => sender.enqueue(new Uint8Array(3)),
      cancel(why) {
        told.push(why)
        return new Promise(() => {})
      },
    })
    const bytes = bytesOf(new Response(body), { signal: controller.signal })

    controller.abort(reason)

    await expect(bytes).rejects.toBe(reason)
    expect(told).toEqual([reason])
  })

  test('does not begin when its signal has aborted', async () => {
    const reason = new Error('too late')
    const body = new ReadableStream<Uint8Array>({ pull: () => {} })
    await expect(bytesOf(new Response(body), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  test('says how to mend it when someone else has read the body', async () => {
    const request = new Request('https://api.test/', { method: 'POST', body: '{}' })
    await request.json()
    await expect(bytesOf(request)).rejects.toMatchObject({ code: 'body_consumed' })
  })

  test('believes the maker of a message about its bytes', async () => {
    const response = new Response(null)
    const bytes = new TextEncoder().encode('known')
    rememberBytes(response, bytes)
    expect(await bytesOf(response)).toBe(bytes)
  })

  test('is empty where there is no body', async () => {
    expect(await bytesOf(new Response(null, { status: 204 }))).toHaveLength(0)
  })
})
