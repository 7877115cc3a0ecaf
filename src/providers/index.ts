/**
 * What is known of each provider, as data.
 *
 * @module
 */
export { type DeliveryFacts } from './delivery-facts.ts'
export {
  type AcknowledgeHandshake,
  type CaptureHandshake,
  type EchoHandshake,
  type Handshake,
  type VisitHandshake,
} from './handshake.ts'
export { type Manifest, type WebhookFacts } from './manifest.ts'
export { manifestOf, manifests } from './manifests.ts'
export { type Scheme } from './scheme.ts'
export { stripe } from './stripe.ts'
export { type UrlRules } from './url-rules.ts'
