import { describe, test } from 'node:test'
import { type Config } from './define.ts'
import { type RegisterOptions, registerScenarios } from './register.ts'

/**
 * Makes each scenario of a configuration a test of Node's own runner.
 *
 * @example
 * // shop.scenarios.test.ts
 * import { scenarios } from 'goodfence/node-test'
 * import config from './goodfence.config.ts'
 *
 * scenarios(config)
 */
export function scenarios(config: Config, options: RegisterOptions = {}): void {
  registerScenarios(
    {
      describe: (name, body) => void describe(name, body),
      test: (name, body) => void test(name, (context) => body((reason) => context.skip(reason))),
    },
    config,
    options,
  )
}
