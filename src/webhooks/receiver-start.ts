import { didYouMean } from '../core/did-you-mean.ts'
import { GoodfenceError } from '../core/errors.ts'
import { type ReceiverOptions, type SharedReceiverOptions } from './receiver-options.ts'
import { needsSecrets } from './receiver-secrets.ts'
import { requireSettings } from './receiver-settings.ts'

const shared: Readonly<Record<keyof SharedReceiverOptions, true>> = {
  inbox: true,
  clock: true,
  random: true,
  maxBytes: true,
  bodyTimeoutMs: true,
  secretTimeoutMs: true,
  storeTimeoutMs: true,
  publicOrigin: true,
  backpressure: true,
  fetch: true,
  log: true,
  monitor: true,
  diagnose: true,
}

const own: Readonly<Record<Exclude<keyof ReceiverOptions, keyof SharedReceiverOptions>, true>> = {
  provider: true,
  secrets: true,
  keys: true,
  onSecret: true,
  config: true,
  path: true,
  toleranceMs: true,
  futureToleranceMs: true,
  decompress: true,
  subscription: true,
  accountAt: true,
  order: true,
  lane: true,
}

/** The options that receivers may share, by their names. */
export const sharedFields: readonly string[] = Object.keys(shared)

const fields = [...sharedFields, ...Object.keys(own)]

/** Throws `usage` for options with which a receiver would fail at every delivery, or not do what they seem to say. */
export function requireOptions(options: ReceiverOptions, maker: string): void {
  refuseUnknown(options, maker, fields)
  const { provider, secrets, inbox }: Given = options
  if (!isObject(provider) || !isObject(provider.webhooks) || !isObject(provider.webhooks.scheme)) {
    const given = typeof provider === 'string' ? `"${provider}"` : 'this'
    throw refusal(
      `${maker} needs to know how its provider signs, and ${given} does not say it`,
      "give provider: webhookProviderOf('github'), or github itself, from goodfence/providers/webhooks",
    )
  }
  if (!isObject(inbox) || typeof inbox.put !== 'function') {
    throw refusal(
      `${maker} has no inbox to store deliveries in`,
      "give inbox: createSqliteInbox({ database: 'inbox.db' }), or another inbox",
    )
  }
  if (secrets !== undefined && typeof secrets !== 'function' && !Array.isArray(secrets)) {
    throw refusal(
      `The secrets of ${maker} are no list and no source`,
      "give secrets: ['whsec_...'], fromEnv, fromFile, fromStore or a function",
    )
  }
  requireSettings(options)
}

/** Throws `usage` for secrets that nothing would ever be verified with. */
export function refuseUnusedSecrets({ provider, secrets }: ReceiverOptions): void {
  const { scheme } = provider.webhooks
  const isFetched = scheme.key.urlFrom !== undefined || scheme.key.keySet !== undefined
  if (!isFetched || needsSecrets(scheme) || secrets === undefined) return
  if (typeof secrets !== 'function' && secrets.length === 0) return
  const asked = Object.keys(scheme.key.keySet?.ask ?? {}).length > 0
  throw refusal(
    `The scheme ${scheme.id} is verified with keys that are fetched from the provider, and never with secrets`,
    `leave out secrets${asked ? ', and give what the provider asks for as config' : ''}; keys: createKeySource(...) says otherwise how they are fetched`,
  )
}

/** Throws `usage` for a misspelt option, which would quietly stay at its default. */
export function refuseUnknown(options: object, maker: string, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown === undefined) return
  const mend = didYouMean(unknown, known).trim()
  throw new GoodfenceError('usage', `${maker} does not know ${unknown}. ${mend}`, { mend })
}

/** What somebody without types may have given. */
interface Given {
  readonly provider?: unknown
  readonly secrets?: unknown
  readonly inbox?: unknown
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function refusal(what: string, mend: string): GoodfenceError {
  return new GoodfenceError('usage', `${what}: ${mend}.`, { mend })
}
