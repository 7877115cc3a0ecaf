import { describe, expect, test } from 'vitest'
import { tokenAuth } from '../../src/clients/auth/client-credentials.ts'
import { createTokenSource, type TokenSourceOptions } from '../../src/clients/auth/token-source.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { get, type Line, post, scripted, settledBy } from '../support/scripted.ts'

/** A source whose tokens are `t1`, `t2`, ... after 10 ms each. */
function world(options: Partial<TokenSourceOptions> & { lifetimeMs?: number } = {}) {
  const { lifetimeMs = 600_000, ...rest } = options
  const clock = virtualClock()
  const fetched: number[] = []
  const fetchToken = async () => {
    fetched.push(clock.monotonic())
    await clock.sleep(10)
    return { token: `t${fetched.length}`, lifetimeMs }
  }
  return { clock, fetched, source: createTokenSource({ fetchToken, clock, ...rest }) }
}

const usedBy = (provider: ReturnType<typeof scripted>) =>
  provider.requests.map(({ headers }) => headers.get('authorization'))

describe('createTokenSource', () => {
  test('asks once for all who wait', async () => {
    const { clock, source, fetched } = world()

    const tokens = await clock.run(() => Promise.all(Array.from({ length: 25 }, async () => source.get())))

    expect(new Set(tokens)).toEqual(new Set(['t1']))
    expect(fetched).toHaveLength(1)
  })

  test('keeps a token, and asks for the next one before it ends while the old one is still used', async () => {
    const { clock, source, fetched } = world({ leewayMs: 60_000 })
    await clock.run(async () => source.get())

    await clock.advance(540_000 - 11)
    expect(source.get()).toBe('t1')
    expect(fetched).toHaveLength(1)
    await clock.advance(1)
    expect([source.get(), source.get()]).toEqual(['t1', 't1'])
    await clock.advance(10)

    expect(source.get()).toBe('t2')
    expect(fetched).toHaveLength(2)
  })

  test('waits for the next one when the token has ended', async () => {
    const { clock, source } = world({ lifetimeMs: 1_000 })
    await clock.run(async () => source.get())
    await clock.advance(1_000)

    expect(await clock.run(async () => source.get())).toBe('t2')
  })

  test('uses a token of short life for half of it, whatever the leeway', async () => {
    const { clock, source, fetched } = world({ lifetimeMs: 2_000, leewayMs: 60_000 })
    await clock.run(async () => source.get())

    await clock.advance(900)
    expect(source.get()).toBe('t1')

    expect(fetched).toHaveLength(1)
  })

  test('tells a failure to those who waited, and does not keep it', async () => {
    let failing = true
    const fetchToken = async () => {
      if (failing) throw new Error('down')
      return { token: 't1', lifetimeMs: 1_000 }
    }
    const { source } = world({ fetchToken })

    await expect(Promise.all([source.get(), source.get()])).rejects.toThrow('down')
    failing = false

    expect(await source.get()).toBe('t1')
  })

  test('uses the old token while it lives and no other can be had, without hammering', async () => {
    let asked = 0
    const clock = virtualClock()
    const fetchToken = async () => {
      if (++asked > 1) throw new Error('down')
      return { token: 't1', lifetimeMs: 100_000 }
    }
    const source = createTokenSource({ fetchToken, clock, leewayMs: 50_000, backOffMs: 5_000 })
    await source.get()
    await clock.advance(60_000)

    for (let call = 0; call < 10; call++) {
      expect(source.get()).toBe('t1')
      await clock.advance(100)
    }

    expect(asked).toBe(2)
  })

  test('forgets a refused token only while it is the present one', async () => {
    const { clock, source, fetched } = world()
    await clock.run(async () => source.get())
    source.refuse('t1')
    await clock.run(async () => source.get())

    source.refuse('t1')

    expect(source.get()).toBe('t2')
    expect(fetched).toHaveLength(2)
  })
})

describe('tokenAuth', () => {
  const client = (lines: Line[], options?: Parameters<typeof world>[0]) => {
    const { clock, source, fetched } = world(options)
    const provider = scripted(clock, ...lines)
    return { clock, fetched, provider, call: tokenAuth(source)(provider) }
  }

  test('sends a refused call once more with another token', async () => {
    const { clock, provider, call } = client([401, 200])

    const response = await clock.run(() => call(post()))

    expect(response.status).toBe(200)
    expect(usedBy(provider)).toEqual(['Bearer t1', 'Bearer t2'])
    expect(provider.requests.map(({ body }) => body)).toEqual(['amount=1', 'amount=1'])
  })

  test('hands over the second refusal', async () => {
    const { clock, provider, call } = client([401])

    const response = await clock.run(() => call(get()))

    expect(response.status).toBe(401)
    expect(await response.text()).toBe('answer 401')
    expect(provider.requests).toHaveLength(2)
  })

  test('asks for one token when many calls are refused at once', async () => {
    const { clock, fetched, call } = client([
      async (request) =>
        new Response(null, { status: request.headers.get('authorization') === 'Bearer t1' ? 401 : 200 }),
    ])

    const answers = await clock.run(() => Promise.all(Array.from({ length: 25 }, () => call(get()))))

    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 25 }, () => 200))
    expect(fetched).toHaveLength(2)
  })

  test('lets one caller give up without stopping the others', async () => {
    const { clock, fetched, call } = client([200])
    const controller = new AbortController()
    const gone = call(get(), { signal: controller.signal })
    const stays = call(get())

    controller.abort(new Error('gone'))

    expect(await settledBy(gone)).toEqual({ rejected: new Error('gone') })
    expect((await clock.run(() => stays)).status).toBe(200)
    expect(fetched).toHaveLength(1)
  })

  test('hands over the refusal when no other token can be had', async () => {
    let asked = 0
    const fetchToken = async () => {
      if (++asked > 1) throw new Error('down')
      return { token: 't1', lifetimeMs: 100_000 }
    }
    const { clock, call } = client([401], { fetchToken })

    const response = await clock.run(() => call(get()))

    expect(await response.text()).toBe('answer 401')
  })
})
