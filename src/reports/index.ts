/**
 * One result model, and the reports that derive from it.
 *
 * @module
 */
export { ctrfReport } from './ctrf.ts'
export { githubAnnotations, githubSummary } from './github.ts'
export { htmlReport } from './html.ts'
export { junitReport } from './junit.ts'
export {
  headline,
  type Report,
  type ScenarioResult,
  type Tally,
  tally,
  type Verdict,
  type Violation,
} from './result.ts'
export { failureText, textReport } from './text.ts'
