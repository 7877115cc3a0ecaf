import { failureText } from '../reports/text.ts'
import { check } from './check.ts'
import { type Config, subjectsOf, usesGlobals } from './define.ts'
import { packOf } from './packs.ts'
import { type ProviderPack } from './provider-pack.ts'
import { requirePlan } from './require-plan.ts'
import { openSession } from './session.ts'
import { createStage } from './stage.ts'

/** What scenarios need of a test runner. */
export interface TestRunner {
  describe(name: string, body: () => void): void
  test(name: string, body: (skip: (reason: string) => void) => Promise<void>): void
}

export interface RegisterOptions {
  /** @default 1 */
  readonly seed?: number | undefined
  /** The provider's pack, for providers of one's own. @default the built-in one of the configuration's provider */
  readonly pack?: ProviderPack | undefined
}

/** Makes each scenario of a configuration a test, in a group for each subject. */
export function registerScenarios(runner: TestRunner, config: Config, options: RegisterOptions = {}): void {
  const { seed = 1, pack = packOf(config.provider) } = options
  for (const subject of subjectsOf(config)) {
    runner.describe(subject.name, () => {
      for (const scenario of config.scenarios ?? pack.scenarios) {
        runner.test(scenario.name, async (skip) => {
          await using stage = await createStage({ pack, seed, time: subject.time === 'real' ? 'real' : 'virtual' })
          requirePlan(scenario, stage)
          using session = await openSession({ globals: usesGlobals(subject) })
          const { result, leftOut, startFailure } = await check({ stage, session, subject, scenario })
          if (startFailure !== undefined) throw startFailure
          if (result === undefined) skip(leftOut ?? '')
          else if (result.verdict !== 'holds') throw new ScenarioBroken(failureText(result))
        })
      }
    })
  }
}

/** What a test fails with: everything about it is in the message. */
class ScenarioBroken extends Error {
  override readonly name = 'ScenarioBroken'

  constructor(message: string) {
    super(message)
    this.stack = `${this.name}: ${message}` // where we throw it says nothing about the integration
  }
}
