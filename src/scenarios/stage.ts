import { type Clock } from '../core/clock.ts'
import { type Journal, createJournal } from '../core/journal.ts'
import { type Service } from '../core/service.ts'
import { serve } from '../adapters/node-server.ts'
import { virtualClock } from '../core/virtual-clock.ts'
import { type Fetch, wire } from '../core/wire.ts'
import { type FaultPlan } from '../mocks/plan.ts'
import { type ProviderPack, type ScenarioMock } from './provider-pack.ts'
import { type Patience, type RunClock, realClock, realPatience, virtualPatience } from './run-clock.ts'

/** The moment at which every run begins: a Thursday, so that weeks and dates are as good as any. */
export const startMs = Date.UTC(2026, 0, 1)

/** A provider that can be set back, with its time, its journal and its way to the shop. */
export interface Stage extends AsyncDisposable {
  readonly pack: ProviderPack
  readonly mock: ScenarioMock
  readonly journal: Journal
  readonly seed: number
  readonly time: 'virtual' | 'real'
  readonly patience: Patience
  /** Where the provider's API is. */
  readonly baseUrl: string
  /** The way from the shop to the provider, as over a wire. */
  readonly fetch: Fetch
  /** How many requests the provider has not answered yet. */
  readonly underWay: number
  /** Sets everything back and starts a new time. `webhooks` takes the deliveries of this run. */
  begin(plan: FaultPlan, webhooks: Service): RunClock
}

export interface StageOptions {
  readonly pack: ProviderPack
  readonly seed: number
  /** `real`: the provider listens on a port, for a program of its own. @default 'virtual' */
  readonly time?: 'virtual' | 'real'
  /** More timers than this within an hour, the longest step of settling, mean a loop: one every 7 milliseconds. @default 500,000 */
  readonly maxTimers?: number
}

/**
 * Builds a provider once for many runs: setting it back is far cheaper than building it, and by its own
 * promise it is then the same to the byte.
 */
export async function createStage({
  pack,
  seed,
  time: kind = 'virtual',
  maxTimers = 500_000,
}: StageOptions): Promise<Stage> {
  const newTime = (): RunClock => (kind === 'real' ? realClock : virtualClock({ startMs, maxTimers }))
  let time = newTime()
  let receiver: Service = async () => new Response(null, { status: 503 })
  const clock: Clock = {
    now: () => time.now(),
    monotonic: () => time.monotonic(),
    sleep: (ms, signal) => time.sleep(ms, signal),
    after: (ms, callback) => time.after(ms, callback),
    hold: (work) => time.hold(work),
  }
  const journal = createJournal({ clock })
  const service: Service = (request, context) => receiver(request, context)
  const webhooks = [{ url: 'https://shop.test/webhooks', service, secret: pack.webhookSecret }]
  const mock = await pack.createMock({ clock, journal, seed, webhooks })
  let open = { count: 0 }
  const counted: Service = (request, context) => {
    const own = open
    own.count++
    const close = () => void own.count--
    const answer = mock(request, context)
    answer.then(close, close)
    return answer
  }
  const server = kind === 'real' ? await serve(counted) : undefined
  return {
    pack,
    time: kind,
    patience: kind === 'real' ? realPatience : virtualPatience,
    baseUrl: server?.url ?? pack.baseUrl,
    mock,
    journal,
    seed,
    fetch: wire(counted),
    get underWay() {
      return open.count
    },
    begin(plan, webhooksOfRun) {
      time = newTime()
      receiver = webhooksOfRun
      open = { count: 0 }
      mock.reset()
      journal.clear()
      mock.setPlan(plan)
      return time
    },
    [Symbol.asyncDispose]: async () => {
      await server?.close()
      await mock[Symbol.asyncDispose]()
    },
  }
}
