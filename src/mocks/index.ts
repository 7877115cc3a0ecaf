/**
 * Stand-in providers with a memory: from any document alone, or with what a provider does beyond it; plans of
 * faults for them; and what runs beside them.
 *
 * @module
 */
export { type AdminOptions, adminService } from './admin/service.ts'
export { type Answer } from './answer.ts'
export {
  type Behaviour,
  type Handler,
  type IdempotencyRule,
  type Life,
  type WebhookPort,
  type World,
} from './behaviour.ts'
export { type DeliveryFault } from './delivery-faults/delivery-fault.ts'
export { documentBehaviour } from './document-behaviour.ts'
export { type Exchange, type Input } from './exchange.ts'
export { type Fault } from './faults/fault.ts'
export { createMock, type Mock, type MockOptions } from './mock.ts'
export { type OAuthClient, oauthServer, type OAuthServerOptions } from './oauth-server.ts'
export { type PlanNames } from './plan-names.ts'
export { emptyPlan, type FaultPlan, type FaultRule, type FaultTrigger, parsePlan, readPlan } from './plan.ts'
export { stripeBehaviour } from './providers/stripe/behaviour.ts'
export { createStripeMock, type StripeMockOptions, stripeDocument } from './providers/stripe/create-stripe-mock.ts'
export { type Refusal, Refused } from './refusal.ts'
export { type Collection, type Resource } from './resources/collection.ts'
export { type Store } from './resources/store.ts'
