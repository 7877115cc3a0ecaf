import { type Checked, check } from './check.ts'
import { type Scenario, type Subject, defineScenario, usesGlobals } from './define.ts'
import { describePlan } from './describe.ts'
import { type Space, drawn, everyPlan } from './draw.ts'
import { realNow } from './install-clock.ts'
import { type Invariant } from './invariants/invariant.ts'
import { type ProviderPack } from './provider-pack.ts'
import { openSession } from './session.ts'
import { createStage } from './stage.ts'
import { order } from './workload.ts'

export interface ExploreOptions {
  readonly subject: Subject
  readonly pack: ProviderPack
  readonly space: Space
  readonly invariants: readonly Invariant[]
  /** How long to go on, in real milliseconds. @default 60,000 */
  readonly budgetMs?: number
  /** How many schedules at most. @default as many as the time allows */
  readonly maxSchedules?: number
  /** @default 1 */
  readonly seed?: number
  /** Up to how many faults every plan is tried before any is drawn. @default 1 */
  readonly exhaustiveFaults?: number
  readonly onProgress?: (schedules: number) => void
}

/** What exploring came to. */
export interface Explored {
  readonly schedules: number
  /** Up to how many faults every plan held; absent where not even that was finished. */
  readonly exhaustedFaults?: number
  /** The first schedule that broke a promise, made as small as can be. */
  readonly found?: Checked
}

/**
 * Looks for a schedule that breaks a promise: first every plan with few faults, then plans and workloads
 * drawn at random. Ends at the first one found, or when the budget is used up.
 */
export async function explore(options: ExploreOptions): Promise<Explored> {
  const {
    subject,
    pack,
    space,
    invariants,
    budgetMs = 60_000,
    maxSchedules = Infinity,
    seed = 1,
    exhaustiveFaults = 1,
  } = options
  const endMs = realNow() + budgetMs
  await using stage = await createStage({ pack, seed, time: subject.time === 'real' ? 'real' : 'virtual' })
  using session = await openSession({ globals: usesGlobals(subject) })
  let schedules = 0
  const spent = () => schedules >= maxSchedules || realNow() >= endMs

  async function tried(draw: Pick<Scenario, 'plan' | 'workload'>): Promise<Checked | undefined> {
    const name =
      draw.plan.faults.length === 0 ? 'explored without faults' : `explored: ${describePlan(draw.plan).join(' ')}`
    const scenario = defineScenario({
      ...draw,
      name,
      provider: pack.name,
      promise: 'Every invariant holds.',
      invariants,
    })
    const checked = await check({ stage, session, subject, scenario, drawn: true })
    schedules++
    if (schedules % 100 === 0) options.onProgress?.(schedules)
    return checked.result?.verdict === 'holds' ? undefined : checked
  }

  const workload = [{ do: 'pay' as const, order: order('order-1') }]
  let exhaustedFaults: number | undefined
  for (let faults = 0; faults <= exhaustiveFaults; faults++) {
    for (const plan of everyPlan(space, faults)) {
      if (plan.faults.length < faults) continue // tried in an earlier round
      if (spent()) return done()
      const found = await tried({ plan, workload })
      if (found !== undefined) return done(found)
    }
    exhaustedFaults = faults
  }
  for (const draw of drawn(space, seed)) {
    if (spent()) return done()
    const found = await tried(draw)
    if (found !== undefined) return done(found)
  }
  return done()

  function done(found?: Checked): Explored {
    return {
      schedules,
      ...(exhaustedFaults === undefined ? {} : { exhaustedFaults }),
      ...(found === undefined ? {} : { found }),
    }
  }
}
