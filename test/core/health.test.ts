import { describe, expect, test } from 'vitest'
import { health, type HealthCheck } from '../../src/core/health.ts'

const pass: HealthCheck = () => ({ status: 'pass', observed: 3 })
const warn: HealthCheck = async () => ({ status: 'warn', observed: 'open' })
const broken: HealthCheck = () => Promise.reject(new Error('CANARY'))

async function ask(path: string, checks: Record<string, HealthCheck>, headers: Record<string, string> = {}) {
  const service = health({ checks, token: 'let-me-see' })
  const response = await service(new Request(`http://app.test${path}`, { headers }))
  const body: unknown = await response.json()
  return { status: response.status, body }
}

describe('health', () => {
  test('is alive whatever the checks say', async () => {
    expect(await ask('/livez', { broken })).toEqual({ status: 200, body: { status: 'pass' } })
  })

  test('is ready while checks pass or warn', async () => {
    expect(await ask('/readyz', { pass, warn })).toEqual({ status: 200, body: { status: 'warn' } })
  })

  test('is not ready when a check fails, and does not say which', async () => {
    expect(await ask('/readyz', { pass, broken })).toEqual({ status: 503, body: { status: 'fail' } })
  })

  test('shows each check to who has the token', async () => {
    const headers = { authorization: 'Bearer let-me-see' }

    expect(await ask('/healthz', { pass, warn, broken }, headers)).toEqual({
      status: 503,
      body: {
        status: 'fail',
        checks: {
          pass: { status: 'pass', observed: 3 },
          warn: { status: 'warn', observed: 'open' },
          broken: { status: 'fail' },
        },
      },
    })
  })

  test.each([{}, { authorization: 'Bearer other' }])('shows them to nobody else: %j', async (headers) => {
    expect(await ask('/healthz', { pass }, headers as Record<string, string>)).toMatchObject({ status: 401 })
  })

  test('shows them to nobody when there is no token', async () => {
    const response = await health({ checks: { pass } })(
      new Request('http://app.test/healthz', { headers: { authorization: 'Bearer undefined' } }),
    )

    expect(response.status).toBe(401)
  })

  test('answers other methods and paths with a refusal', async () => {
    const service = health({ checks: {} })

    expect((await service(new Request('http://app.test/livez', { method: 'POST' }))).status).toBe(405)
    expect((await service(new Request('http://app.test/'))).status).toBe(404)
  })
})
