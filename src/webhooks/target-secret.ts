import { type Random, randomToken } from '../core/random.ts'
import { type KeyFacts } from '../providers/key-facts.ts'

/** Draws a secret in the shape that the provider issues: its prefix, then text that its keys are made of. */
export function targetSecret({ form, prefix = '' }: KeyFacts, random: Random): string {
  if (form === 'hex') return prefix + randomToken(random, 64, '0123456789abcdef')
  if (form !== 'base64' && form !== 'base64-if-prefixed') return prefix + randomToken(random, 32)
  const bytes = Uint8Array.from({ length: 24 }, () => Math.floor(random() * 256))
  return prefix + Buffer.from(bytes).toString('base64')
}
