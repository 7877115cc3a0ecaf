/**
 * Failure scenarios for an integration: describe it once with `defineSubject`, then run the provider's
 * built-in scenarios, or your own, against it.
 *
 * @module
 */
export { type Bundle, bundleName, bundleText, readBundle } from './bundle.ts'
export { type Checked, check } from './check.ts'
export {
  type Config,
  type Observed,
  type ObservedOrder,
  type Operations,
  type RunningSubject,
  type Scenario,
  type Subject,
  type SubjectEnv,
  defineConfig,
  defineScenario,
  defineSubject,
} from './define.ts'
export { type ExploreOptions, type Explored, explore } from './explore.ts'
export { type CallResult, type History, type Payment } from './history.ts'
export { type HttpSubjectOptions, type Program, httpSubject } from './http-subject.ts'
export * from './invariants/index.ts'
export { type Replayed, replay } from './replay.ts'
export { type SuiteOptions, type SuiteOutcome, runSuite } from './suite.ts'
export { type Order, type Workload, type WorkloadStep, order } from './workload.ts'
