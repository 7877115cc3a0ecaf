import { type Clock } from '../core/clock.ts'
import { GoodfenceError } from '../core/errors.ts'
import { keyNeeded } from './key-needed.ts'
import { createKeySource, type KeyOutcome } from './key-source.ts'
import { type ReceiverOptions } from './receiver-options.ts'
import { type VerifyOptions } from './signature.ts'

/**
 * Makes the function that fetches the keys which a delivery names; `undefined` for a scheme whose secrets suffice.
 *
 * Throws `usage` where the same keys sign for everybody and nobody said whose deliveries are wanted.
 */
export function keyFinder(
  options: ReceiverOptions,
  clock: Clock,
): ((delivery: VerifyOptions) => Promise<KeyOutcome>) | undefined {
  const { provider, config, fetch } = options
  const { scheme } = provider.webhooks
  requireOwner(options)
  if (scheme.key.urlFrom === undefined && scheme.key.keySet === undefined) return undefined
  const settings = typeof config === 'function' ? undefined : config
  const keys = options.keys ?? createKeySource({ clock, fetch, config: settings })
  return async (delivery) => {
    if (scheme.ownerField !== undefined && (delivery.config?.[scheme.ownerField.config] ?? '') === '')
      return {
        ok: false,
        reason: 'key_unavailable',
        detail: 'nobody said whose deliveries are wanted',
        code: 'setting_missing',
      }
    const needed = keyNeeded(scheme, delivery)
    if (needed === 'refused') return { ok: false, reason: 'key_refused', detail: "not one of the provider's keys" }
    return needed === undefined ? { ok: true, keys: delivery.secrets } : keys.keysFor(needed)
  }
}

function requireOwner({ provider: { name, webhooks }, config }: ReceiverOptions): void {
  const { ownerField } = webhooks.scheme
  if (ownerField === undefined || typeof config === 'function' || (config?.[ownerField.config] ?? '') !== '') return
  throw new GoodfenceError(
    'usage',
    `The provider ${name} signs for everybody with the same keys, so a genuine delivery may be anybody's.`,
    { mend: `give config: { ${ownerField.config} } with the value of ${ownerField.at} in your own deliveries` },
  )
}
