import { didYouMean } from '../core/did-you-mean.ts'
import { GoodfenceError } from '../core/errors.ts'
import { type Scheme } from '../providers/scheme.ts'
import { type ReceiverOptions } from './receiver-options.ts'
import { settingsOf } from './scheme-settings.ts'

/**
 * Throws `usage` for a setting without which no delivery could be verified, and for one that the scheme does not know.
 * What a function answers for an account is known only once that account's deliveries come.
 */
export function requireSettings({ provider, config = {}, keys }: ReceiverOptions): void {
  if (typeof config === 'function') return
  const { scheme } = provider.webhooks
  const needed = neededSettings(scheme, keys === undefined)
  const known = [...new Set([...needed, ...askedSettings(scheme), ...otherSettings(scheme)])]
  const unknown = Object.keys(config).find((name) => !known.includes(name))
  if (unknown !== undefined) {
    const mend = known.length === 0 ? 'It has none.' : didYouMean(unknown, known).trim()
    throw new GoodfenceError('usage', `The scheme ${scheme.id} has no setting "${unknown}". ${mend}`, { mend })
  }
  const missing = needed.find((name) => (config[name] ?? '').trim() === '')
  if (missing === undefined) return
  const mend = `give config: { ${needed.join(', ')} }, or a function of the account that returns it`
  throw new GoodfenceError(
    'usage',
    `The scheme ${scheme.id} cannot verify a delivery without the setting "${missing}": ${mend}.`,
    { mend },
  )
}

function neededSettings(scheme: Scheme, fetchesItself: boolean): readonly string[] {
  const ofKeys = namedIn(scheme.key.keySet?.url)
  return [...settingsOf(scheme), ...ofKeys, ...(fetchesItself ? askedSettings(scheme) : [])]
}

/** What a provider wants to know before it tells a key. */
function askedSettings({ key }: Scheme): readonly string[] {
  return namedIn(key.keySet?.ask)
}

/** Settings of handshakes, which may never come, and the owner, whom the keys ask for. */
function otherSettings({ ownerField, handshakes = [] }: Scheme): readonly string[] {
  const expected = handshakes.map(({ expects }) => expects?.config)
  return [ownerField?.config, ...expected].filter((name) => name !== undefined)
}

function namedIn(facts: unknown): readonly string[] {
  return facts === undefined
    ? []
    : [...JSON.stringify(facts).matchAll(/\{config:([^}]+)\}/g)].map((found) => found[1] as string)
}
