import { type Scheme } from '../providers/scheme.ts'
import { parseJson } from './parsed-body.ts'
import { verify, type VerifyOptions } from './signature.ts'

/**
 * The common mistake that would explain why a delivery was refused; `undefined` when none does. For development: it makes
 * a digest for each mistake, and its answer is not for strangers.
 */
export function diagnose(scheme: Scheme, delivery: VerifyOptions, foreign: readonly string[]): string | undefined {
  const { secrets, body, url = '' } = delivery
  const { prefix = '' } = scheme.key
  const passes = (changed: Partial<VerifyOptions>) => verify(scheme, { ...ageless(delivery), ...changed }).ok
  const withSecrets = (change: (secret: string) => readonly string[]) => passes({ secrets: secrets.flatMap(change) })

  if (passes({})) return 'the signature is right, but its time is not within the tolerance: compare the clocks'
  if (withSecrets((secret) => [secret.trim(), unquoted(secret.trim())]))
    return 'the secret is configured with spaces, a line break or quotes around it'
  if (prefix !== '' && withSecrets((secret) => [prefix + secret, withoutPrefix(secret, prefix)]))
    return `the secret is configured with or without its prefix ${prefix}, and should be the other way`
  if (withSecrets((secret) => [fromBase64(secret), Buffer.from(secret).toString('base64')]))
    return 'the secret is configured in base64 and should be decoded, or the other way round'
  if (foreign.length > 0 && passes({ secrets: foreign })) return 'it is signed with the secret of another source'
  if (url !== '' && addressesLike(url).some((other) => passes({ url: other })))
    return 'it is signed for another address, as behind a proxy: set publicOrigin to how the provider calls this receiver'
  if (printedAgain(body).some((other) => passes({ body: other })))
    return 'the body was parsed and printed again on its way: something before the receiver must hand on the bytes as they came'
  return undefined
}

function ageless(delivery: VerifyOptions): VerifyOptions {
  return { ...delivery, toleranceMs: null, futureToleranceMs: null }
}

function unquoted(text: string): string {
  return text.replace(/^(["'])(.*)\1$/, '$2')
}

function withoutPrefix(secret: string, prefix: string): string {
  return secret.startsWith(prefix) ? secret.slice(prefix.length) : secret
}

function fromBase64(secret: string): string {
  return Buffer.from(secret, 'base64').toString()
}

/** What proxies and frameworks make of an address. */
function addressesLike(url: string): string[] {
  const other = url.startsWith('https:') ? url.replace('https:', 'http:') : url.replace('http:', 'https:')
  return [other, url, other].flatMap((each, at) => {
    if (at === 0) return [each]
    const [path = '', query] = each.split('?', 2)
    const rest = query === undefined ? '' : `?${query}`
    return path.endsWith('/') ? [path.slice(0, -1) + rest] : [`${path}/${rest}`]
  })
}

/** A body as it is after common ways of printing JSON, which the sender may have signed instead of what came. */
function printedAgain(body: Uint8Array): Uint8Array[] {
  const data = parseJson(body)
  if (data === undefined) return []
  const texts = [JSON.stringify(data), JSON.stringify(data, undefined, 2), `${JSON.stringify(data)}\n`]
  return texts.map((text) => Buffer.from(text))
}
