import * as vitest from 'vitest'
import { type Config } from './define.ts'
import { type RegisterOptions, registerScenarios } from './register.ts'

/**
 * Makes each scenario of a configuration a Vitest test.
 *
 * @example
 * // shop.scenarios.test.ts
 * import { scenarios } from 'goodfence/vitest'
 * import config from './goodfence.config.ts'
 *
 * scenarios(config)
 */
export function scenarios(config: Config, options: RegisterOptions = {}): void {
  registerScenarios(
    {
      describe: (name, body) => vitest.describe(name, body),
      test: (name, body) => vitest.test(name, (context) => body((reason) => context.skip(reason))),
    },
    config,
    options,
  )
}
