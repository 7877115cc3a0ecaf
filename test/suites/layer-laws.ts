import { describe, expect, test } from 'vitest'
import { lightRequest } from '../../src/core/light.ts'
import { seededRandom } from '../../src/core/random.ts'
import { type Layer } from '../../src/core/service.ts'
import { type VirtualClock, virtualClock } from '../../src/core/virtual-clock.ts'
import { drain, get, hang, post, scripted, settledBy } from '../support/scripted.ts'

export interface LayerWorld {
  readonly clock: VirtualClock
  readonly random: () => number
}

export interface LayerLaws {
  /** The layer with settings under which it has nothing to do. */
  readonly neutral: (world: LayerWorld) => Layer
  /** The layer with settings under which it has much to do. @default the neutral one */
  readonly active?: (world: LayerWorld) => Layer
  /** Header that the layer adds to each request, by its nature. @default none */
  readonly adds?: string
  /** Ends in time even when what is within does not listen to its signal. @default false */
  readonly endsTheDeaf?: boolean
}

/** What every layer of a client keeps to, whatever it does. */
export function layerLaws(name: string, { neutral, active = neutral, adds, endsTheDeaf = false }: LayerLaws): void {
  const world = (seed = 1): LayerWorld => ({ clock: virtualClock(), random: seededRandom(seed, name) })

  describe(`${name} keeps the laws of layers`, () => {
    test('hands over the very answer of the provider, its body unread, after asking once', async () => {
      const { clock, random } = world()
      const answer = new Response('hello')
      const provider = scripted(clock, answer)

      const response = await clock.run(() => neutral({ clock, random })(provider)(get()))

      expect(response).toBe(answer)
      expect(response.bodyUsed).toBe(false)
      expect(await response.text()).toBe('hello')
      expect(provider.requests).toHaveLength(1)
      expect(clock.monotonic()).toBe(0)
    })

    test.each([
      ['of the platform', () => post({ 'content-type': 'text/plain' })],
      ['in memory', () => lightRequest({ url: 'https://api.test/charges', method: 'POST', body: 'amount=1' })],
    ])('sends what it was given: a request %s', async (_kind, request) => {
      const { clock, random } = world()
      const provider = scripted(clock, 200)

      await clock.run(() => neutral({ clock, random })(provider)(request()))

      const [seen] = provider.requests
      if (adds !== undefined) seen?.headers.delete(adds)
      expect(seen?.body).toBe('amount=1')
      expect([...(seen?.headers ?? [])]).toEqual([...request().headers])
    })

    test('leaves the request unread when the provider does not read it', async () => {
      const { clock, random } = world()
      let unread: boolean | undefined
      const provider = async (request: Request) => {
        unread = !request.bodyUsed
        return new Response(null)
      }

      await clock.run(() => neutral({ clock, random })(provider)(post()))

      expect(unread).toBe(true)
    })

    test('hands on the very error of the provider', async () => {
      const { clock, random } = world()
      const error = new Error('no answer')
      const call = clock.run(() => neutral({ clock, random })(scripted(clock, error))(get()))

      await expect(call).rejects.toBe(error)
    })

    test.each(['context', 'request'] as const)(
      'ends in the turn in which the signal of the %s aborts',
      async (where) => {
        const { clock, random } = world()
        const controller = new AbortController()
        const reason = new Error('gone')
        const { signal } = controller
        const client = active({ clock, random })(scripted(clock, 'hang'))

        const call = where === 'context' ? client(get(), { signal }) : client(get({ signal }))
        expect(await settledBy(call)).toBe('open')
        controller.abort(reason)

        expect(await settledBy(call)).toEqual({ rejected: reason })
        expect(clock.pending).toBe(0)
      },
    )

    test('ends at once when the signal is aborted already', async () => {
      const { clock, random } = world()
      const reason = new Error('gone')
      const provider = scripted(clock, 'hang')

      const call = active({ clock, random })(provider)(get(), { signal: AbortSignal.abort(reason) })

      expect(await settledBy(call)).toEqual({ rejected: reason })
      expect(clock.pending).toBe(0)
    })

    if (endsTheDeaf) {
      test('ends when the signal aborts, even when what is within does not listen', async () => {
        const { clock, random } = world()
        const controller = new AbortController()
        const reason = new Error('gone')
        const call = active({ clock, random })(() => new Promise(() => {}))(get(), { signal: controller.signal })

        controller.abort(reason)

        expect(await settledBy(call)).toEqual({ rejected: reason })
        expect(clock.pending).toBe(0)
      })
    }

    test.each([
      ['read', (response: Response) => response.text()],
      ['read as a stream', drain],
      ['cancelled', async (response: Response) => response.body?.cancel()],
    ])('leaves no timer when the body was %s', async (_how, end) => {
      const { clock, random } = world()
      const response = await clock.run(() => active({ clock, random })(scripted(clock, 200))(get()))

      await end(response)

      expect(clock.pending).toBe(0)
    })

    test('leaves no timer when the answer has no body, or none came', async () => {
      const { clock, random } = world()
      const client = active({ clock, random })

      await clock.run(() => client(scripted(clock, 204))(get()))
      await clock.run(() => client(scripted(clock, new Error('no answer')))(get()).catch(() => {}))

      expect(clock.pending).toBe(0)
    })

    test('makes the same run from the same seed', async () => {
      const [first, second] = [await eventful(active, world()), await eventful(active, world())]

      expect(second).toEqual(first)
    })
  })
}

/** Calls that meet all kinds of trouble: when each attempt was made, and how each call ended. */
async function eventful(make: (world: LayerWorld) => Layer, world: LayerWorld): Promise<unknown> {
  const { clock } = world
  const provider = scripted(clock, 503, 'reset', 429, 200, (request) => hang(request.signal), 200)
  const client = make(world)(provider)
  const outcomes = await clock.run(async () => {
    const ends: unknown[] = []
    for (let call = 0; call < 4; call++) {
      const controller = new AbortController()
      const cancel = clock.after(60_000, () => controller.abort(new Error('gone')))
      ends.push(
        await client(get({ signal: controller.signal })).then(
          ({ status }) => status,
          (error: Error) => error.message,
        ),
        clock.monotonic(),
      )
      cancel()
    }
    return ends
  })
  return { outcomes, attempts: provider.requests.map(({ atMs, headers }) => [atMs, [...headers]]) }
}
