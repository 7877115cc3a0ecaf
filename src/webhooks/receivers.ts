import { readsWithinLimits } from '../core/body.ts'
import { systemRandom } from '../core/random.ts'
import { pathOf } from '../core/record.ts'
import { GoodfenceError } from '../core/errors.ts'
import { type Service } from '../core/service.ts'
import { answerer, statusOf } from './receiver-exits.ts'
import { type SharedReceiverOptions, type SourceOptions } from './receiver-options.ts'
import { refuseUnknown, refuseUnusedSecrets, requireOptions, sharedFields } from './receiver-start.ts'
import { receiverOf } from './receiver.ts'

/** One source of webhooks, under its name in the address. */
export interface ReceiverSource extends SourceOptions {
  /**
   * The address goes on with the name of an account, such as a tenant or shop, which has secrets of its own: `secrets`
   * is asked for them by that name, and the account is part of what makes an event known. @default false
   */
  readonly accountInPath?: boolean | undefined
}

export interface ReceiversOptions extends SharedReceiverOptions {
  /** By name in the address. */
  readonly sources: Readonly<Record<string, ReceiverSource>>
  /** Where the addresses begin. @default '/hooks' */
  readonly basePath?: string | undefined
}

/**
 * Makes one service for several sources of webhooks: `/hooks/:source`, and `/hooks/:source/:account` where each account
 * has secrets of its own. Any other address is answered 404.
 *
 * @example
 * const receivers = createReceivers({
 *   inbox,
 *   sources: {
 *     stripe: { provider: stripe, secrets: fromEnv('STRIPE_WEBHOOK_SECRET') },
 *     shopify: { provider: shopify, accountInPath: true, secrets: ({ account }) => secretsOfShop(account) },
 *   },
 * })
 */
export function createReceivers(options: ReceiversOptions): Service {
  const { sources, basePath = '/hooks', log, monitor, random = systemRandom, ...shared } = options
  const answer = answerer(undefined, random)
  refuseUnknown(options, 'createReceivers', [...sharedFields, 'sources', 'basePath'])
  const base = basePath.replace(/\/*$/, '/')
  const routes = new Map(
    Object.entries(sources).map(([name, { accountInPath = false, ...source }]) => {
      const all = { ...shared, log, monitor, random, ...source, subscription: source.subscription ?? name }
      requireOptions(all, `The source "${name}"`)
      if (accountInPath) requireOwnSecrets(name, source)
      else refuseUnusedSecrets(all)
      const others = () => staticSecrets(sources, name)
      return [name, { accountInPath, receive: receiverOf(all, others) }]
    }),
  )

  return readsWithinLimits(async (request) => {
    const path = pathOf(request.url)
    const [name = '', account, ...more] = path.startsWith(base) ? path.slice(base.length).split('/') : []
    const route = more.length > 0 ? undefined : routes.get(name)
    const named = account === undefined ? '' : decoded(account)
    if (route !== undefined && named !== undefined && route.accountInPath === (named !== '') && account !== '')
      return route.receive(request, named)
    const outcome = 'not_found'
    try {
      monitor?.count({ provider: '', outcome })
      log?.({ provider: '', outcome, status: statusOf(outcome) })
    } catch {
      // Nobody is left to be told.
    }
    return answer(outcome)
  })
}

/** What the name of an account never holds: who makes a path of it would find one account under many names. */
// oxlint-disable-next-line eslint/no-control-regex -- those are what it must not hold
const noName = /[/\\\u0000-\u001f\u007f]/

function decoded(text: string): string | undefined {
  try {
    const name = decodeURIComponent(text)
    return noName.test(name) ? undefined : name
  } catch {
    return undefined
  }
}

/** One list for all accounts would let what was sent to one be sent again to every other. */
function requireOwnSecrets(name: string, { secrets }: SourceOptions): void {
  if (typeof secrets === 'function') return
  throw new GoodfenceError('usage', `All accounts of the source "${name}" would share one list of secrets.`, {
    mend: 'make `secrets` a function of the account, so that each has its own',
  })
}

function staticSecrets(sources: ReceiversOptions['sources'], except: string): string[] {
  return Object.entries(sources).flatMap(([name, { secrets = [] }]) => {
    if (name === except || typeof secrets === 'function') return []
    return secrets.map((each) => (typeof each === 'string' ? each : each.value))
  })
}
