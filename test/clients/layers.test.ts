import { bearer } from '../../src/clients/auth/bearer.ts'
import { tokenAuth } from '../../src/clients/auth/client-credentials.ts'
import { createTokenSource } from '../../src/clients/auth/token-source.ts'
import { createBreaker } from '../../src/clients/breaker.ts'
import { createClient } from '../../src/clients/client.ts'
import { attemptTimeout } from '../../src/clients/layers/attempt-timeout.ts'
import { bulkhead } from '../../src/clients/layers/bulkhead.ts'
import { breakerCheck, circuitBreaker } from '../../src/clients/layers/circuit-breaker.ts'
import { deadline } from '../../src/clients/layers/deadline.ts'
import { idempotencyKey } from '../../src/clients/layers/idempotency-key.ts'
import { log } from '../../src/clients/layers/log.ts'
import { retry } from '../../src/clients/layers/retry.ts'
import { throttle } from '../../src/clients/layers/throttle.ts'
import { createJournal } from '../../src/core/journal.ts'
import { record } from '../../src/core/record.ts'
import { layerLaws } from '../suites/layer-laws.ts'

layerLaws('deadline', {
  neutral: ({ clock }) => deadline({ timeoutMs: Infinity, clock }),
  active: ({ clock }) => deadline({ timeoutMs: 500, clock }),
  endsTheDeaf: true,
})
layerLaws('attemptTimeout', {
  neutral: ({ clock }) => attemptTimeout({ timeoutMs: Infinity, clock }),
  active: ({ clock }) => attemptTimeout({ timeoutMs: 500, clock }),
  endsTheDeaf: true,
})
layerLaws('idempotencyKey', { neutral: ({ random }) => idempotencyKey({ random }), adds: 'idempotency-key' })
layerLaws('retry', {
  neutral: ({ clock, random }) => retry({ maxAttempts: 1, clock, random }),
  active: ({ clock, random }) => retry({ clock, random }),
})
layerLaws('breakerCheck', {
  neutral: ({ clock, random }) => breakerCheck({ breaker: createBreaker({ clock, random }) }),
})
layerLaws('circuitBreaker', {
  neutral: ({ clock, random }) => circuitBreaker({ breaker: createBreaker({ clock, random }) }),
  active: ({ clock, random }) => circuitBreaker({ breaker: createBreaker({ clock, random, minimumCalls: 2 }) }),
})
layerLaws('throttle', {
  neutral: ({ clock, random }) => throttle({ clock, random }),
  active: ({ clock, random }) => throttle({ clock, random, perSecond: 1 }),
})
layerLaws('bulkhead', {
  neutral: ({ clock }) => bulkhead({ maxConcurrent: Infinity, clock }),
  active: ({ clock }) => bulkhead({ maxConcurrent: 1, clock }),
})
layerLaws('bearer', { neutral: () => bearer({ token: 'secret' }), adds: 'authorization' })
layerLaws('tokenAuth', {
  neutral: ({ clock }) =>
    tokenAuth(createTokenSource({ clock, fetchToken: async () => ({ token: 'secret', lifetimeMs: 600_000 }) })),
  adds: 'authorization',
})
layerLaws('log', { neutral: ({ clock, random }) => log({ clock, random, write: () => {} }) })
layerLaws('record', { neutral: ({ clock }) => record('wire', { journal: createJournal({ clock }) }) })
layerLaws('a whole client', {
  neutral:
    ({ clock, random }) =>
    (fetch) =>
      createClient({ clock, random, fetch, key: false, journal: createJournal({ clock }) }),
  endsTheDeaf: true,
})
