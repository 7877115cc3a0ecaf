import { type Scheme } from '../providers/scheme.ts'

const known = new WeakMap<Scheme, readonly string[]>()

/** The settings of an account that a scheme signs with or looks for, by their names. */
export function settingsOf(scheme: Scheme): readonly string[] {
  let settings = known.get(scheme)
  if (settings === undefined) known.set(scheme, (settings = namedIn(scheme)))
  return settings
}

function namedIn(scheme: Scheme): readonly string[] {
  const { signature, signedContent, token } = scheme
  const texts = JSON.stringify([signature.carrier, signature.algorithms?.of, signedContent, token])
  const named = [...texts.matchAll(/\{config:([^}]+)\}/g)].map((found) => found[1] as string)
  const chosen = signature.algorithms === undefined ? [] : [signature.algorithms.setting]
  return [...new Set([...chosen, ...named])]
}

/** Settings with which a delivery to an address can be signed, where nobody said others. */
export function plainSettings(scheme: Scheme, url: string): Readonly<Record<string, string>> {
  const { algorithms } = scheme.signature
  return Object.fromEntries(
    settingsOf(scheme).map((name) => {
      if (name === algorithms?.setting) return [name, Object.keys(algorithms.of)[0] ?? '']
      if (name.endsWith('_url')) return [name, url]
      if (name.startsWith('header_')) return [name, 'X-Webhook-Token']
      return [name, plain[name] ?? `goodfence-${name.replaceAll('_', '-')}`]
    }),
  )
}

const plain: Readonly<Record<string, string>> = {
  query_name: 'token',
  environment: 'Sandbox',
  bundle_id: 'com.example.fences',
  email: 'goodfence@example.invalid',
}
