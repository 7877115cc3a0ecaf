import { GoodfenceError } from '../core/errors.ts'
import { type ProviderPack } from './provider-pack.ts'
import { stripePack } from './stripe/pack.ts'

const packs: readonly ProviderPack[] = [stripePack]

/** The scenarios and the mock of a provider. Throws `unknown_provider`, which lists those that exist. */
export function packOf(name: string): ProviderPack {
  const pack = packs.find((candidate) => candidate.name === name)
  if (pack !== undefined) return pack
  const known = packs.map((candidate) => candidate.name)
  throw new GoodfenceError(
    'unknown_provider',
    `There are no scenarios for a provider "${name}". Known: ${known.join(', ')}.`,
    {
      name,
      known,
    },
  )
}
