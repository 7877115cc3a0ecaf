import { describe, expect, test } from 'vitest'
import { serve } from '../../src/adapters/node-server.ts'
import { type SubjectEnv, type Observed } from '../../src/scenarios/define.ts'
import { httpSubject } from '../../src/scenarios/http-subject.ts'
import { runSuite } from '../../src/scenarios/suite.ts'
import { systemClock } from '../../src/core/clock.ts'
import { platformFetch } from '../../src/core/platform.ts'
import { systemRandom } from '../../src/core/random.ts'
import { wire } from '../../src/core/wire.ts'
import { type Vice, stripeShop } from '../scenarios/stripe-shop.ts'

/** A shop behind a port: nothing of it is reached but by HTTP. */
function program(vices: readonly Vice[]) {
  return httpSubject({
    name: 'a shop behind a port',
    provider: 'stripe',
    async start(env) {
      const whole: SubjectEnv = {
        ...env,
        fetch: wire(platformFetch),
        clock: systemClock,
        random: systemRandom,
        effect: () => {},
      }
      const shop = await stripeShop(vices).start(whole)
      const server = await serve(async (request) => {
        const { pathname } = new URL(request.url)
        if (pathname === '/webhooks') return shop.webhooks(request)
        if (pathname === '/orders') return Response.json(await shop.observe())
        await shop.operations.pay((await request.json()) as never)
        return new Response(null, { status: 204 })
      })
      return { url: server.url, stop: () => server.close() }
    },
    pay: (url, order) => fetch(`${url}/pay`, { method: 'POST', body: JSON.stringify(order) }),
    observe: async (url) => (await (await fetch(`${url}/orders`)).json()) as Observed,
  })
}

describe('a program reached over HTTP', () => {
  const grep = 'charges once when the reply is lost'

  test('holds in real time, which the report says', async () => {
    const { report } = await runSuite({ provider: 'stripe', subject: program([]) }, { grep })
    expect(report.results.map(({ verdict, time }) => `${verdict} in ${time} time`)).toEqual(['holds in real time'])
    expect(report.notes).toEqual([
      'a shop behind a port ran in real time: scenarios that need minutes are left out, and nothing is shrunk.',
    ])
  })

  test('is broken in real time', async () => {
    const { report } = await runSuite({ provider: 'stripe', subject: program(['no key']) }, { grep })
    expect(report.results[0]?.violations[0]?.happened).toMatch(/^Order order-1 was charged twice/)
  })

  test('is spared what takes minutes', async () => {
    const { report } = await runSuite({ provider: 'stripe', subject: program([]) }, { grep: 'two days late' })
    expect(report.results).toEqual([])
  })
})
