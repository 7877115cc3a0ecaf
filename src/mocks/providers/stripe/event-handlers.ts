import { type WebhookPort } from '../../behaviour.ts'
import { type StripeEvent } from './events.ts'
import { page } from './lists.ts'
import { type StripeHandler, find } from './objects.ts'
import { flagIn, textIn, textsIn } from './parameters.ts'

/** Events as the API tells them, with the number of webhooks that have not taken them yet. */
export function eventHandlers(webhooks: WebhookPort): Readonly<Record<string, StripeHandler>> {
  const current = (event: StripeEvent, pendingOf = webhooks.pending()): StripeEvent => {
    const pending = pendingOf.get(event.id) ?? 0
    return pending === event.pending_webhooks ? event : { ...event, pending_webhooks: pending }
  }
  return {
    'GET /v1/events': (call) => {
      const type = textIn(call.parameters, 'type')
      const types = textsIn(call.parameters, 'types')
      const delivered = flagIn(call.parameters, 'delivery_success')
      const pendingOf = webhooks.pending()
      const result = page(call, 'event', {
        url: '/v1/events',
        where: (event) =>
          (type === undefined || matchesType(type, event.type)) &&
          (types.length === 0 || types.some((wanted) => matchesType(wanted, event.type))) &&
          (delivered === undefined || pendingOf.has(event.id) !== delivered),
      })
      return { ...result, data: result.data.map((event) => current(event as StripeEvent, pendingOf)) }
    },
    'GET /v1/events/{}': ({ account, id }) => current(find(account, 'event', id)),
  }
}

/** Whether a type is what a filter such as `payment_intent.*` or `*` means. */
export function matchesType(filter: string, type: string): boolean {
  if (filter === '*' || filter === type) return true
  return filter.endsWith('.*') && type.startsWith(filter.slice(0, -1))
}
