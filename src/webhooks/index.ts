/**
 * Receiving webhooks: verify, store once, handle once. Signing them, for senders and tests.
 *
 * @module
 */
export { type WorkerLine } from './attempt.ts'
export { type Handler, type HandlerContext, type HandlerResult, type WebhookEvent } from './handler.ts'
export { inboxHealth, type InboxHealth, type InboxHealthOptions } from './inbox-health.ts'
export {
  type BlockedLane,
  type Claim,
  type Claimed,
  type ClaimOptions,
  type DeadGroup,
  type Effect,
  type EventKey,
  type EventState,
  type Guarantees,
  type Inbox,
  type InboxEvent,
  type InboxLimits,
  type Inspection,
  type InspectOptions,
  type LaneOrder,
  neverMs,
  type NewEvent,
  type Outcome,
  type Place,
  type Problems,
  type PruneReport,
  type PutResult,
  type RequeueOptions,
  type Retention,
  type Selector,
} from './inbox.ts'
export { newest, type Standing } from './newest.ts'
export { type ReceiverOutcome } from './receiver-exits.ts'
export { createReceiver, type ReceiverLine, type ReceiverOptions } from './receiver.ts'
export {
  type RejectReason,
  sign,
  type SignedParts,
  type SignOptions,
  type Verdict,
  verify,
  type VerifyOptions,
} from './signature.ts'
export { createMemoryInbox, type MemoryInboxOptions } from './stores/memory.ts'
export { createSqliteInbox, type SqliteInboxOptions } from './stores/sqlite.ts'
export { createWorker, type DrainOptions, type Worker, type WorkerOptions } from './worker.ts'
