import { createHash, timingSafeEqual } from 'node:crypto'
import { type Service } from './service.ts'

/** How something is: `warn` is worth a look and keeps the instance in service. */
export type HealthStatus = 'pass' | 'warn' | 'fail'

export interface HealthResult {
  readonly status: HealthStatus
  /** What was seen, such as a depth or a state. Never a secret: anybody may read it who has the token. */
  readonly observed?: string | number
}

/** Looks at one thing, such as an inbox's depth or a breaker's state. A rejection counts as `fail`. */
export type HealthCheck = () => HealthResult | Promise<HealthResult>

export interface HealthOptions {
  readonly checks: Readonly<Record<string, HealthCheck>>
  /** Who shows this as a bearer token at `/healthz` sees each check. Without it nobody does. @default none */
  readonly token?: string | undefined
}

/**
 * Answers `/livez` (the process runs), `/readyz` (all checks pass or warn) and `/healthz` (each check, with the token).
 *
 * An outage of a provider belongs into a check that warns: taking the instance out of service would mend nothing.
 * The shape is that of the expired draft `application/health+json`.
 *
 * @example
 * const service = health({ checks: { stripe: () => ({ status: breaker.state === 'closed' ? 'pass' : 'warn' }) } })
 */
export function health({ checks, token }: HealthOptions): Service {
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return answer(405, { status: 'fail' }, { allow: 'GET, HEAD' })
    switch (new URL(request.url).pathname) {
      case '/livez':
        return answer(200, { status: 'pass' })
      case '/readyz': {
        const status = worst(await look(checks))
        return answer(status === 'fail' ? 503 : 200, { status })
      }
      case '/healthz': {
        if (token === undefined || !same(request.headers.get('authorization') ?? '', `Bearer ${token}`))
          return answer(401, { status: 'fail' }, { 'www-authenticate': 'Bearer' })
        const results = await look(checks)
        const status = worst(results)
        return answer(status === 'fail' ? 503 : 200, { status, checks: results })
      }
      default:
        return answer(404, { status: 'fail' })
    }
  }
}

type Results = Readonly<Record<string, HealthResult>>

async function look(checks: HealthOptions['checks']): Promise<Results> {
  const results = Object.entries(checks).map(async ([name, check]): Promise<[string, HealthResult]> => {
    try {
      return [name, await check()]
    } catch {
      return [name, { status: 'fail' }]
    }
  })
  return Object.fromEntries(await Promise.all(results))
}

function worst(results: Results): HealthStatus {
  const statuses = new Set(Object.values(results).map((result) => result.status))
  return statuses.has('fail') ? 'fail' : statuses.has('warn') ? 'warn' : 'pass'
}

function answer(status: number, body: object, headers: Record<string, string> = {}): Response {
  return Response.json(body, {
    status,
    headers: { 'content-type': 'application/health+json', 'cache-control': 'no-store', ...headers },
  })
}

/** Compares in a time that tells nothing about where they differ. */
function same(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
