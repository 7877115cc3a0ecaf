import { GoodfenceError } from '../core/errors.ts'
import { type Manifest } from './manifest.ts'
import { stripe } from './stripe.ts'

/** Every provider that goodfence knows, in the order of their names. */
export const manifests: readonly Manifest[] = [stripe]

/** The manifest of a provider. Throws `unknown_provider`, which lists the names that exist. */
export function manifestOf(name: string): Manifest {
  const manifest = manifests.find((candidate) => candidate.name === name)
  if (manifest !== undefined) return manifest
  const known = manifests.map((candidate) => candidate.name)
  throw new GoodfenceError('unknown_provider', `There is no provider "${name}". Known: ${known.join(', ')}.`, {
    name,
    known,
  })
}
