/**
 * Receiving webhooks: verify, store once, handle once. Signing them, for senders and tests.
 *
 * @module
 */
export { addressGuard, type AddressRules } from './address-guard.ts'
export { type WorkerLine } from './attempt.ts'
export { type Backpressure, type BackpressureOptions, createBackpressure } from './backpressure.ts'
export { type EffectGuard, effectGuard, type GuardedEvent } from './effect-guard.ts'
export { type ConnectionRules, type Resolve } from './guarded-connection.ts'
export { guardedFetch, type GuardedFetchOptions } from './guarded-fetch.ts'
export { type Current, type Handler, type HandlerContext, type HandlerResult, type WebhookEvent } from './handler.ts'
export { handshakeRequest, type HandshakeRequestOptions } from './handshake-request.ts'
export {
  acceptsAnswer,
  answerHandshake,
  type HandshakeAnswer,
  type HandshakeKeys,
  handshakeMethods,
} from './handshake.ts'
export { type HandshakeRefusal, type HandshakeReply, type SeenAnswer, type Visit } from './handshakes/handshake-kind.ts'
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
export { type KeyNeeded, keyNeeded, type KeyQuestion } from './key-needed.ts'
export { createKeySource, type KeyOutcome, type KeySource, type KeySourceOptions } from './key-source.ts'
export { newest, type Standing } from './newest.ts'
export { type DeliveryAttempt, type DeliveryRecord, type TargetStatus, type WebhookTarget } from './delivery.ts'
export { type Ask } from './orders/ask.ts'
export { hold, type HoldOptions } from './orders/hold.ts'
export { latest, type LatestOptions } from './orders/latest.ts'
export { none } from './orders/none.ts'
export { type Order, type OrderTable, type PlaceTable } from './orders/order-table.ts'
export {
  type ArrivingEvent,
  type FreeOrdering,
  type KeyOf,
  type Naming,
  type Ordering,
  type OrderingTools,
  type Placing,
} from './orders/ordering.ts'
export { refetch, type RefetchOptions } from './orders/refetch.ts'
export { sequence, type SequenceOptions } from './orders/sequence.ts'
export { serial, type SerialOptions } from './orders/serial.ts'
export { type Outbox, type OutboxOptions, type OutgoingEvent } from './outbox.ts'
export { type ReceivedRequest } from './place-reader.ts'
export { replay, type ReplayOptions } from './replay.ts'
export { type ReceiverOutcome } from './receiver-exits.ts'
export {
  createReceiverMonitor,
  type ReceiverCount,
  type ReceiverMonitor,
  type RejectedSample,
} from './receiver-monitor.ts'
export {
  type ArrivedEvent,
  type ReceiverLine,
  type ReceiverOptions,
  type SharedReceiverOptions,
  type SourceOptions,
} from './receiver-options.ts'
export { createReceiver } from './receiver.ts'
export { createOutbox } from './sender.ts'
export { createReceivers, type ReceiverSource, type ReceiversOptions } from './receivers.ts'
export { fromEnv, fromFile } from './secret-sources.ts'
export { fromStore, type SecretStoreOptions } from './secret-store.ts'
export { type Secret, type SecretAsk, type SecretList, type SecretSource } from './secrets.ts'
export { sign, type SignedDelivery, type SignOptions, type Verdict, verify, type VerifyOptions } from './signature.ts'
export { type SignedParts } from './arrived.ts'
export { type RejectReason } from './reject-reason.ts'
export { type ReplayProtection } from './replay-protection.ts'
export { createMemoryInbox, type MemoryInboxOptions } from './stores/memory.ts'
export { createSqliteInbox, type SqliteInboxOptions } from './stores/sqlite.ts'
export { createWorker, type DrainOptions, type Worker, type WorkerOptions } from './worker.ts'
