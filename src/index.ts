/**
 * The few types that everything here is made of, and the tools that every part takes as options.
 *
 * @module
 */
export { type Context, type Layer, type Service, stack } from './core/service.ts'
export { wire } from './core/wire.ts'
export { type Clock, systemClock } from './core/clock.ts'
export { type VirtualClock, type VirtualClockOptions, virtualClock } from './core/virtual-clock.ts'
export { type Random, seededRandom, systemRandom } from './core/random.ts'
export {
  createJournal,
  type Entry,
  type Happening,
  type Journal,
  type JournalOptions,
  journalText,
  type Seen,
} from './core/journal.ts'
export { record, type RecordOptions } from './core/record.ts'
export { type BodyLimits, bytesOf, textOf } from './core/body.ts'
export { type FailureCode, type Failures, GoodfenceError, isGoodfenceError, networkCodeOf } from './core/errors.ts'
export { health, type HealthCheck, type HealthOptions, type HealthResult, type HealthStatus } from './core/health.ts'
