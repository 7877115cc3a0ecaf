import { setupServer } from 'msw/node'
import { describe, expect, test, vi } from 'vitest'
import { mswHandlers } from '../../src/adapters/msw.ts'
import { lightResponse } from '../../src/core/light.ts'
import { platformFetch } from '../../src/core/platform.ts'
import { type Service } from '../../src/core/service.ts'
import { transportMatrix } from '../suites/transport-matrix.ts'

async function intercepting(service: Service, baseUrl = 'https://api.things.test') {
  const server = setupServer(...(await mswHandlers(service, { baseUrl })))
  server.listen({ onUnhandledFrame: 'error' })
  return { baseUrl, send: platformFetch, [Symbol.asyncDispose]: async () => server.close() }
}

transportMatrix({ name: 'MSW', tellsCodes: false, open: intercepting })

describe('mswHandlers', () => {
  test('take what is below the base URL and nothing beside it', async () => {
    const urls: string[] = []
    await using _ = await intercepting(async (request) => {
      urls.push(request.url)
      return lightResponse('ours')
    }, 'https://api.things.test:8443/base/')
    vi.spyOn(console, 'error').mockImplementation(() => {})
    for (const path of ['/base', '/base/a', '/base?x=1']) await fetch(`https://api.things.test:8443${path}`)
    for (const path of ['/', '/based', '/other/base'])
      await expect(fetch(`https://api.things.test:8443${path}`)).rejects.toThrow('fetch failed')
    vi.restoreAllMocks()

    expect(urls.map((url) => new URL(url).pathname)).toEqual(['/base', '/base/a', '/base'])
  })

  test('show a defect of the service as one', async () => {
    await using _ = await intercepting(async () => Promise.reject(new RangeError('a defect')))
    const shown = vi.spyOn(console, 'error').mockImplementation(() => {})
    const response = await fetch('https://api.things.test/')

    expect(response.status).toBe(500)
    expect(shown).toHaveBeenCalled()
    vi.restoreAllMocks()
  })

  test('let the service finish in silence when the caller gives up', async () => {
    const [asked, goOn, done] = [
      Promise.withResolvers<void>(),
      Promise.withResolvers<void>(),
      Promise.withResolvers<boolean>(),
    ]
    await using _ = await intercepting(async (request) => {
      asked.resolve()
      await goOn.promise
      done.resolve(request.signal.aborted)
      return lightResponse('')
    })
    const shown = vi.spyOn(console, 'error')
    const controller = new AbortController()
    const response = fetch('https://api.things.test/', { signal: controller.signal })
    await asked.promise
    controller.abort()
    await expect(response).rejects.toMatchObject({ name: 'AbortError' })
    goOn.resolve()

    expect(await done.promise).toBe(false)
    await new Promise((resolve) => setImmediate(resolve)) // MSW would print a few promises later
    expect(shown).not.toHaveBeenCalled()
    vi.restoreAllMocks()
  })
})
