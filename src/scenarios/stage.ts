import { type Clock } from '../core/clock.ts'
import { type Journal, createJournal } from '../core/journal.ts'
import { type Service } from '../core/service.ts'
import { type VirtualClock, virtualClock } from '../core/virtual-clock.ts'
import { wire } from '../core/wire.ts'
import { type FaultPlan } from '../mocks/plan.ts'
import { type ProviderPack, type ScenarioMock } from './provider-pack.ts'

/** The moment at which every run begins: a Thursday, so that weeks and dates are as good as any. */
export const startMs = Date.UTC(2026, 0, 1)

/** A provider that can be set back, with its time, its journal and its way to the shop. */
export interface Stage extends AsyncDisposable {
  readonly pack: ProviderPack
  readonly mock: ScenarioMock
  readonly journal: Journal
  readonly seed: number
  /** The way from the shop to the provider, as over a wire. */
  readonly fetch: Service
  /** How many requests the provider has not answered yet. */
  readonly underWay: number
  /** Sets everything back and starts a new time. `webhooks` takes the deliveries of this run. */
  begin(plan: FaultPlan, webhooks: Service): VirtualClock
}

export interface StageOptions {
  readonly pack: ProviderPack
  readonly seed: number
}

/**
 * Builds a provider once for many runs: setting it back is far cheaper than building it, and by its own
 * promise it is then the same to the byte.
 */
export async function createStage({ pack, seed }: StageOptions): Promise<Stage> {
  let time = virtualClock({ startMs })
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
  return {
    pack,
    mock,
    journal,
    seed,
    fetch: wire(counted),
    get underWay() {
      return open.count
    },
    begin(plan, webhooksOfRun) {
      time = virtualClock({ startMs })
      receiver = webhooksOfRun
      open = { count: 0 }
      mock.setPlan(plan)
      mock.reset()
      journal.clear()
      return time
    },
    [Symbol.asyncDispose]: async () => {
      await mock[Symbol.asyncDispose]()
    },
  }
}
