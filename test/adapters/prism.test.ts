import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { beforeAll, describe, expect, test } from 'vitest'
import { prismService } from '../../src/adapters/prism.ts'
import { loadPeer } from '../../src/adapters/peer.ts'
import { systemClock } from '../../src/core/clock.ts'
import { createJournal } from '../../src/core/journal.ts'
import { lightRequest, lightResponse } from '../../src/core/light.ts'
import { seededRandom } from '../../src/core/random.ts'
import { pathOf } from '../../src/core/record.ts'
import { type Service } from '../../src/core/service.ts'
import { wire } from '../../src/core/wire.ts'
import { createFaults } from '../../src/mocks/create-faults.ts'

const document = 'specs/stripe/openapi.yaml'

describe('prismService', () => {
  let service: Service
  beforeAll(async () => {
    service = await prismService(document)
  }, 120_000)
  const get = (path: string, headers: Record<string, string> = {}) =>
    service(
      lightRequest({
        url: `https://api.stripe.com${path}`,
        headers: { authorization: 'Bearer sk_test_1', ...headers },
      }),
    )

  test('answers with the examples of our slice', async () => {
    const response = await get('/v1/payment_intents?limit=2')

    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toMatchObject({ object: 'list', data: [{ object: 'payment_intent' }] })
  })

  test('answers as the Prefer header wishes', async () => {
    expect((await get('/v1/payment_intents', { prefer: 'code=402' })).status).toBe(402)
    expect((await get('/v1/payment_intents', { prefer: 'code=many' })).status).toBe(422)
  })

  test('reads form bodies and tells violations', async () => {
    const response = await service(
      lightRequest({
        url: 'https://api.stripe.com/v1/refunds',
        method: 'POST',
        headers: { authorization: 'Bearer sk_test_1', 'content-type': 'application/x-www-form-urlencoded' },
        body: 'amount=many',
      }),
    )

    expect(response.headers.get('sl-violations')).toContain('amount')
  })

  test('says 404 for what the document does not have, as a problem', async () => {
    const response = await get('/v1/nowhere')

    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ status: 404, title: 'Route not resolved, no path matched' })
  })

  test('stands behind a plan as the builtin engine does', async () => {
    const faults = createFaults(
      { seed: 1, faults: [{ on: { operation: 'GET /v1/payment_intents', nth: [1] }, fault: { kind: 'lost-reply' } }] },
      {
        clock: systemClock,
        random: seededRandom(1),
        journal: createJournal(),
        errorResponse: (status) => lightResponse(null, { status }),
        operationOf: (request) => ({ name: `${request.method} ${pathOf(request.url)}` }),
      },
    )
    const send = wire(faults.network(service))
    const request = () =>
      lightRequest({ url: 'https://api.stripe.com/v1/payment_intents', headers: { authorization: 'Bearer sk_test_1' } })

    await expect(send(request())).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } })
    expect((await send(request())).status).toBe(200)
  })

  test('says 401 without credentials', async () => {
    expect((await get('/v1/payment_intents', { authorization: '' })).status).toBe(401)
  })
})

describe('prismService refuses', () => {
  test('a document that is not there', async () => {
    await expect(prismService('no/such/file.yaml')).rejects.toMatchObject({
      code: 'document_unreadable',
      facts: { path: 'no/such/file.yaml' },
    })
  })

  test('a document that is none', async () => {
    await expect(prismService('package.json')).rejects.toMatchObject({
      code: 'document_malformed',
      message: expect.stringContaining('package.json'),
    })
  })

  test('to wait longer than it may', async () => {
    await expect(prismService(document, { loadTimeoutMs: 1 })).rejects.toMatchObject({
      code: 'document_unsupported',
      message: expect.stringContaining('builtin engine'),
    })
  })
})

describe('loadPeer', () => {
  test('names the line that installs what is missing', async () => {
    const missing: string = 'no-such-peer'
    await expect(loadPeer('no-such-peer', () => import(missing))).rejects.toMatchObject({
      code: 'environment',
      facts: { mend: 'npm install --save-dev no-such-peer' },
    })
  })

  test('names it also where a path is looked up and nothing is imported', async () => {
    const { resolve } = createRequire(import.meta.url)
    await expect(loadPeer('no-such-peer', async () => resolve('no-such-peer/package.json'))).rejects.toMatchObject({
      code: 'environment',
      facts: { mend: 'npm install --save-dev no-such-peer' },
    })
  })

  test('leaves other failures as they are', async () => {
    const defect = new Error('defect')
    await expect(loadPeer('a', () => Promise.reject(defect))).rejects.toBe(defect)
  })
})

test('adapters load their peers only when they are used', async () => {
  const script = `const before = fetch
    for (const name of ['msw', 'nock', 'prism']) await import('./src/adapters/' + name + '.ts')
    const { createRequire } = await import('node:module')
    console.log(fetch === before, Object.keys(createRequire(import.meta.url).cache).filter((path) => path.includes('stoplight')).length)`
  const output = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, ['--input-type=module', '-e', script], (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    )
  })

  expect(output).toBe('true 0\n')
})
