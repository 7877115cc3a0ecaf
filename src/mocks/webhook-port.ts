import { type Service } from '../core/service.ts'
import { type WebhookTarget, eventMatcher } from '../webhooks/delivery.ts'
import { type Outbox } from '../webhooks/outbox.ts'
import { type WebhookPort } from './behaviour.ts'

/** Joins a provider's behaviour to the outbox. `deliver` carries what goes to endpoints made through the API. */
export function webhookPort(outbox: Outbox, deliver: Service | undefined): WebhookPort {
  const wants = new WeakMap<WebhookTarget, (type: string) => boolean>()
  const matcherOf = (target: WebhookTarget) => {
    let matcher = wants.get(target)
    if (matcher === undefined) {
      const matchers = target.events?.map(eventMatcher)
      matcher = (type) => matchers?.some((matches) => matches(type)) ?? true
      wants.set(target, matcher)
    }
    return matcher
  }
  return {
    wanted: (type) =>
      outbox
        .targets()
        .reduce((count, target) => (target.disabled === undefined && matcherOf(target)(type) ? count + 1 : count), 0),
    send: (event) => outbox.send(event),
    add: (target) => outbox.addTarget(deliver === undefined ? target : { ...target, service: deliver }),
    remove: (url) => outbox.removeTarget(url),
    pending() {
      const counts = new Map<string, number>()
      for (const { event, state } of outbox.deliveries())
        if (state === 'pending') counts.set(event, (counts.get(event) ?? 0) + 1)
      return counts
    },
  }
}
