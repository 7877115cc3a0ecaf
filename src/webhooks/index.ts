/**
 * Webhooks, both halves: sign as a provider signs, receive so that nothing is lost.
 *
 * @module
 */
export { type Delivery, type DeliveryRecord, type WebhookTarget } from './delivery.ts'
export { type Handler, type HandlerContext, type HandlerResult, type WebhookEvent } from './handler.ts'
export { inboxHealth } from './inbox-health.ts'
export {
  type Claim,
  type Effect,
  type EventState,
  type Inbox,
  type InboxEvent,
  type NewEvent,
  type Outcome,
  type PutResult,
} from './inbox.ts'
export { newest, type Standing } from './newest.ts'
export { type Outbox } from './outbox.ts'
export { createReceiver, type ReceiverLine, type ReceiverOptions } from './receiver.ts'
export { createOutbox } from './sender.ts'
export { type RejectReason, sign, verify } from './signature.ts'
export { createMemoryInbox } from './stores/memory.ts'
export { createSqliteInbox, type SqliteInboxOptions } from './stores/sqlite.ts'
export { createWorker, type Worker, type WorkerOptions } from './worker.ts'
