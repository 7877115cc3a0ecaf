import nock from 'nock'
import { afterAll, describe, expect, test } from 'vitest'
import { nockInterceptor } from '../../src/adapters/nock.ts'
import { lightResponse } from '../../src/core/light.ts'
import { platformFetch } from '../../src/core/platform.ts'
import { type Service } from '../../src/core/service.ts'
import { transportMatrix } from '../suites/transport-matrix.ts'

nock.disableNetConnect()
afterAll(() => nock.restore())

async function intercepting(service: Service, baseUrl = 'https://api.things.test') {
  const interception = await nockInterceptor(service, { baseUrl })
  return { baseUrl, send: platformFetch, [Symbol.asyncDispose]: async () => interception.remove() }
}

transportMatrix({ name: 'nock', tellsCodes: true, open: intercepting })

describe('nockInterceptor', () => {
  test('takes what is below the base URL and nothing beside it', async () => {
    const urls: string[] = []
    await using _ = await intercepting(async (request) => {
      urls.push(request.url)
      return lightResponse('ours')
    }, 'https://api.things.test:8443/base/')
    for (const path of ['/base', '/base/a', '/base?x=1']) await fetch(`https://api.things.test:8443${path}`)
    const beside = await fetch('https://api.things.test:8443/based')

    expect(beside.status).toBe(501)
    expect(urls.map((url) => new URL(url).pathname)).toEqual(['/base', '/base/a', '/base'])
  })

  test('shows a defect of the service as the cause', async () => {
    await using _ = await intercepting(async () => Promise.reject(new RangeError('a defect')))

    await expect(fetch('https://api.things.test/')).rejects.toMatchObject({ cause: { message: 'a defect' } })
  })

  test('leaves the interceptors of others when it is removed', async () => {
    const scope = nock('https://api.things.test').get('/theirs').reply(200, 'theirs')
    const ours = await nockInterceptor(async () => lightResponse('ours'), { baseUrl: 'https://api.things.test/v1' })
    expect(await (await fetch('https://api.things.test/v1/x')).text()).toBe('ours')
    ours.remove()

    expect(await (await fetch('https://api.things.test/theirs')).text()).toBe('theirs')
    expect(scope.isDone()).toBe(true)
    expect((await fetch('https://api.things.test/v1/x')).status).toBe(501)
  })
})
