import { GoodfenceError } from '../core/errors.ts'
import { lightRequest } from '../core/light.ts'
import { seededRandom } from '../core/random.ts'
import { type WebhookFacts } from '../providers/manifest.ts'
import { type Scheme } from '../providers/scheme.ts'
import { type WebhookTarget, eventMatcher } from './delivery.ts'
import { createStanding } from './endpoint-standing.ts'
import { keptKeys } from './kept-keys.ts'
import { type Target } from './line.ts'
import { unusableKey } from './schemes/unusable-key.ts'
import { keyWithId, secretKeys } from './secret-key.ts'
import { checkingSecret, isAsymmetric, targetSecret } from './target-secret.ts'

/** The places that one outbox sends to. */
export interface TargetList {
  all(): readonly Target[]
  /** Throws `usage` for a URL that nothing can be sent to, and for a secret that cannot sign. */
  add(target: WebhookTarget): Target
  remove(url: string): void
  /** Throws `usage` for a URL that is no target. */
  get(url: string): Target
  /** Whether something can be sent there now: it was not removed, and is not disabled. */
  takes(url: string): boolean
}

/** Makes an empty list. Each place without a secret of its own gets one drawn from the seed. */
export function createTargetList({ scheme, delivery }: WebhookFacts, seed: number | string): TargetList {
  let targets: readonly Target[] = []
  let added = 0

  return {
    all: () => targets,
    add(target) {
      const stream = `webhook secret ${++added}`
      const secret = target.secret ?? targetSecret(scheme, seededRandom(seed, stream))
      const patterns = (target.events ?? ['*']).map(eventMatcher)
      const wants = (type: string) => patterns.some((matches) => matches(type))
      requireAddress(target.url)
      requireUsable(scheme, secret)
      const known: Target = { ...target, secret, wants, standing: createStanding(delivery.disable) }
      targets = [...targets.filter(({ url }) => url !== target.url), known]
      return known
    },
    remove(url) {
      targets = targets.filter((target) => target.url !== url)
    },
    get(url) {
      const target = targets.find((each) => each.url === url)
      if (target !== undefined) return target
      throw new GoodfenceError('usage', `No webhooks are sent to "${url}".`, { mend: 'add it as a target first' })
    },
    takes: (url) => targets.some((target) => target.url === url && target.disabled === undefined),
  }
}

/** Refuses now what would fail at the first event. */
function requireAddress(url: string): void {
  try {
    lightRequest({ url })
  } catch (cause) {
    const mend = 'give an absolute http or https URL without a user name'
    throw new GoodfenceError('usage', `No webhooks can be sent to "${url}": ${mend}.`, { mend }, { cause })
  }
}

/** Refuses a secret by which nothing could be signed. */
function requireUsable(scheme: Scheme, secret: string): void {
  let check = checks.get(scheme)
  if (check === undefined) {
    check = keptKeys((each) => isUsable(scheme, each))
    checks.set(scheme, check)
  }
  if (!check(secret)) throw unusableKey()
}

/** An outbox that is reset asks again, and making a key costs as much as all the rest. */
const checks = new WeakMap<Scheme, (secret: string) => boolean>()

function isUsable(scheme: Scheme, secret: string): boolean {
  const { key, signature } = scheme
  if (key.role === 'none') return true
  const text = keyWithId(key, secret)?.text ?? ''
  const digests = signature.type === 'hmac' || (signature.type === 'jwt' && key.role === 'shared-secret')
  return isAsymmetric(scheme)
    ? checkingSecret(scheme, secret) !== undefined
    : text !== '' && (!digests || secretKeys(key)(text).length > 0)
}
