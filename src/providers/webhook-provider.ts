import { type WebhookFacts } from './manifest.ts'

/** One way in which a provider sends webhooks: what a receiver and a sender need to know of it, as plain data. */
export interface WebhookProvider {
  /** The provider, as in the name of its file. */
  readonly name: string
  readonly title: string
  readonly webhooks: WebhookFacts
}
