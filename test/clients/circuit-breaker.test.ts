import { describe, expect, test } from 'vitest'
import { createBreaker } from '../../src/clients/breaker.ts'
import { attemptTimeout } from '../../src/clients/layers/attempt-timeout.ts'
import { breakerCheck, circuitBreaker } from '../../src/clients/layers/circuit-breaker.ts'
import { GoodfenceError } from '../../src/core/errors.ts'
import { stack } from '../../src/core/service.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { get, type Line, scripted } from '../support/scripted.ts'

/** The state of a breaker after two attempts, of which two failures open it. */
async function stateAfter(line: Line): Promise<string> {
  const clock = virtualClock()
  const breaker = createBreaker({ clock, minimumCalls: 2 })
  const client = stack(circuitBreaker({ breaker }), attemptTimeout({ timeoutMs: 100, clock }))(scripted(clock, line))
  for (let call = 0; call < 2; call++) await clock.run(() => client(get()).catch(() => {}))
  return breaker.state
}

describe('circuitBreaker', () => {
  const failures: [string, Line][] = [
    ['a 500', 500],
    ['a 503', 503],
    ['a 408', 408],
    ['a reset', 'reset'],
    ['a timeout of the attempt', 'hang'],
  ]
  test.each(failures)('takes %s for a failure of the provider', async (_name, line) => {
    expect(await stateAfter(line)).toBe('open')
  })

  const ignored: [string, Line][] = [
    ['a 400', 400],
    ['a 404', 404],
    ['a 429', 429],
    ['an own refusal', new GoodfenceError('bulkhead_full', 'full', { maxConcurrent: 1, maxQueued: 0 })],
  ]
  test.each(ignored)('does not take %s for one', async (_name, line) => {
    expect(await stateAfter(line)).toBe('closed')
  })

  test('does not blame the provider when the caller gives up', async () => {
    const clock = virtualClock()
    const breaker = createBreaker({ clock, minimumCalls: 1 })
    const client = circuitBreaker({ breaker })(scripted(clock, 'hang'))
    const controller = new AbortController()
    const call = client(get(), { signal: controller.signal })

    controller.abort(new Error('gone'))

    await expect(call).rejects.toThrow('gone')
    expect(breaker.state).toBe('closed')
  })

  test('does not ask the provider while the breaker is open', async () => {
    const clock = virtualClock()
    const breaker = createBreaker({ clock, minimumCalls: 1 })
    const provider = scripted(clock, 503)
    const client = circuitBreaker({ breaker })(provider)

    await client(get())

    await expect(client(get())).rejects.toMatchObject({ code: 'circuit_open' })
    await expect(breakerCheck({ breaker })(provider)(get())).rejects.toMatchObject({ code: 'circuit_open' })
    expect(provider.requests).toHaveLength(1)
  })

  test('judges answers as it is told', async () => {
    const clock = virtualClock()
    const breaker = createBreaker({ clock, minimumCalls: 1 })
    const verdictOf = ({ status }: Response) => (status === 429 ? 'failure' : 'success')

    await circuitBreaker({ breaker, verdictOf })(scripted(clock, 429))(get())

    expect(breaker.state).toBe('open')
  })
})
