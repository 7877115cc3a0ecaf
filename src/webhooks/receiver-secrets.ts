import { randomBytes } from 'node:crypto'
import { type Clock } from '../core/clock.ts'
import { GoodfenceError } from '../core/errors.ts'
import { type Scheme } from '../providers/scheme.ts'
import { type ReceiverOptions } from './receiver-options.ts'
import { type ActiveSecret, activeSecrets, requireSecrets, type SecretList } from './secrets.ts'
import { within } from './within.ts'

/**
 * Secrets to verify with. `unknown`: there is no such account. `unavailable`: their source failed. `none-good`: there are
 * some, and each has run out, is not good yet, or is a placeholder.
 */
export type FoundSecrets = readonly ActiveSecret[] | 'unknown' | 'unavailable' | 'none-good'

/** Stands in for the secrets of an account that there is not, so that refusing it takes as long. */
export const decoySecrets: readonly ActiveSecret[] = [{ value: randomBytes(32).toString('base64'), index: -1 }]

/** Schemes whose keys are fetched, or that have none. */
const keyless: ReadonlySet<string> = new Set(['x509-url', 'jwks-by-kid', 'none'])

/** Whether nothing can be verified without a secret of the account's. */
export function needsSecrets({ key }: Scheme): boolean {
  return !keyless.has(key.form)
}

/**
 * Makes the function that finds the secrets which are good now. It never rejects, and answers a promise only where the
 * source does. Throws `usage` for a list that nobody should start with.
 */
export function secretFinder(
  { provider, secrets = [], secretTimeoutMs = 5_000 }: ReceiverOptions,
  clock: Clock,
): (account: string) => FoundSecrets | Promise<FoundSecrets> {
  const { scheme } = provider.webhooks
  const { prefix } = scheme.key
  const good = (list: SecretList | undefined): FoundSecrets => {
    if (list === undefined) return 'unknown'
    const active = activeSecrets(list, clock.now(), prefix)
    // Secrets that are not good now are no invitation to send the first one.
    return active.length === 0 && list.length > 0 ? 'none-good' : active
  }
  if (typeof secrets !== 'function') {
    if (secrets.length > 0 || needsSecrets(scheme)) requireSecrets(secrets, `the receiver of ${provider.name}`, prefix)
    const always = secrets.every((each) => typeof each === 'string') ? activeSecrets(secrets, 0) : undefined
    return () => always ?? good(secrets)
  }
  const late = () =>
    new GoodfenceError('timeout', 'The secrets did not come.', { timeoutMs: secretTimeoutMs, phase: 'attempt' })
  return (account) => {
    try {
      const list = secrets({ account, clock })
      if (!(list instanceof Promise)) return good(list)
      return within(clock, secretTimeoutMs, list, late).then(good, () => 'unavailable' as const)
    } catch {
      return 'unavailable'
    }
  }
}
