import { type FaultPlan } from '../mocks/plan.ts'
import { type Checked, type OnRun, check } from './check.ts'
import { type Subject, usesGlobals } from './define.ts'
import { drawn, everyPlan, plainWorkloads } from './draw.ts'
import { realNow } from './install-clock.ts'
import { packOf } from './packs.ts'
import { type ProviderPack } from './provider-pack.ts'
import { openSession } from './session.ts'
import { createStage } from './stage.ts'
import { type Workload } from './workload.ts'

export interface ExploreOptions {
  readonly subject: Subject
  /** The provider's pack, for providers of one's own. @default the built-in one of the subject's provider */
  readonly pack?: ProviderPack | undefined
  /** How long to go on, in real milliseconds. @default 60,000 */
  readonly budgetMs?: number | undefined
  /** How many schedules at most. @default as many as the time allows */
  readonly maxSchedules?: number | undefined
  /** @default 1 */
  readonly seed?: number | undefined
  /** Up to how many faults every plan is tried before any is drawn. @default 1 */
  readonly exhaustiveFaults?: number | undefined
  /** Hears now and then how many schedules have been tried. */
  readonly onProgress?: ((schedules: number) => void) | undefined
  /** Hears of each run as it begins. */
  readonly onRun?: OnRun | undefined
  /** Ends the search between two schedules. */
  readonly signal?: AbortSignal | undefined
}

/** What exploring came to. */
export interface Explored {
  readonly schedules: number
  /** Up to how many faults every plan held; absent where not even that was finished. */
  readonly exhaustedFaults?: number
  /** The first schedule that did not hold, made as small as can be. */
  readonly found?: Checked
}

/** One schedule to be tried. */
interface Schedule {
  readonly plan: FaultPlan
  readonly workload: Workload
}

/**
 * Looks for a schedule that breaks a promise: first every plan with few faults, then plans and workloads
 * drawn at random. Ends at the first one found, or when the budget is used up.
 */
export async function explore(options: ExploreOptions): Promise<Explored> {
  const {
    subject,
    pack = packOf(subject.provider),
    budgetMs = 60_000,
    maxSchedules = Infinity,
    seed = 1,
    exhaustiveFaults = 1,
    signal,
  } = options
  const { scenario, space } = pack.exploring
  await using stage = await createStage({ pack, seed, time: subject.time === 'real' ? 'real' : 'virtual' })
  using session = await openSession({ globals: usesGlobals(subject) })
  const endMs = realNow() + budgetMs
  let schedules = 0

  /** Tries one after the other until one does not hold, or none is left. */
  async function search(candidates: Iterable<Schedule>): Promise<Checked | 'none' | 'spent'> {
    for (const schedule of candidates) {
      if (schedules >= maxSchedules || realNow() >= endMs || signal?.aborted === true) return 'spent'
      const about = { ...scenario, ...schedule }
      const checked = await check({ stage, session, subject, scenario: about, drawn: true, onRun: options.onRun })
      schedules++
      if (schedules % 25 === 0) options.onProgress?.(schedules)
      if (checked.result?.verdict !== 'holds') return checked
    }
    return 'none'
  }

  let exhausted = {}
  for (let faults = 0; faults <= exhaustiveFaults; faults++) {
    const found = await search(everySchedule(faults))
    if (found === 'spent') return { schedules, ...exhausted }
    if (found !== 'none') return { schedules, ...exhausted, found }
    exhausted = { exhaustedFaults: faults }
  }
  const found = await search(drawn(space, seed))
  return { schedules, ...exhausted, ...(typeof found === 'string' ? {} : { found }) }

  function* everySchedule(faults: number): Generator<Schedule> {
    for (const plan of everyPlan(space, faults)) {
      if (plan.faults.length < faults) continue // tried in an earlier round
      for (const workload of plainWorkloads(space)) yield { plan, workload }
    }
  }
}
