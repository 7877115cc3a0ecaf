/**
 * A client for Stripe's API: typed, and fenced as `createClient` fences.
 *
 * @module
 */
import type { paths } from '../../generated/stripe.d.ts'
import { stripe } from '../providers/stripe.ts'
import { bearer } from './auth/bearer.ts'
import { type ClientOptions, createClient } from './client.ts'
import { type TypedClient, typedClient } from './typed-client.ts'

export interface StripeClientOptions extends Omit<ClientOptions, 'auth'> {
  /** A secret key, or what gives the present one. */
  readonly apiKey: string | (() => string | Promise<string>)
  /** @default Stripe's */
  readonly baseUrl?: string | undefined
  /** Asks for this version of the API. @default the account's own */
  readonly apiVersion?: string | undefined
  /** Acts for this connected account. @default none */
  readonly account?: string | undefined
}

export type StripeClient = TypedClient<paths>

/**
 * Makes a client for Stripe. Every POST carries an idempotency key, set yours as the header
 * `idempotency-key` where the operation has a name of its own.
 *
 * @example
 * const stripe = createStripeClient({ apiKey: process.env.STRIPE_KEY })
 * const { data, error } = await stripe.POST('/v1/payment_intents', { body: { amount: 1_000, currency: 'eur' } })
 */
export function createStripeClient(options: StripeClientOptions): StripeClient {
  const { apiKey, baseUrl = stripe.baseUrls.live, apiVersion, account, key, ...rest } = options
  const service = createClient({
    ...rest,
    auth: bearer({ token: apiKey }),
    key: key === false ? false : { methods: stripe.idempotency.methods, ...key },
  })
  return typedClient<paths>(service, {
    baseUrl,
    encoding: 'form',
    headers: {
      ...(apiVersion === undefined ? {} : { 'stripe-version': apiVersion }),
      ...(account === undefined ? {} : { 'stripe-account': account }),
    },
  })
}
