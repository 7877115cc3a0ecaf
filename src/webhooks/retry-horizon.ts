import { type DeliveryFacts } from '../providers/delivery-facts.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** For how long a provider brings an event again that was refused: what can be refused for a while without loss. */
export type RetryHorizon = 'none' | 'minutes' | 'hours' | 'days'

/** The unit in which the provider's attempts at one event are counted, from the first to the last. */
export function retryHorizon({ retryAfterMs }: DeliveryFacts): RetryHorizon {
  const totalMs = retryAfterMs.reduce((sum, pauseMs) => sum + pauseMs, 0)
  if (totalMs === 0) return 'none'
  if (totalMs < hourMs) return 'minutes'
  return totalMs < dayMs ? 'hours' : 'days'
}

/** How many refusals in a row, at the least, make the provider disable the endpoint; `undefined`: no number does. */
export function refusalsUntilDisabled({ disable, retryAfterMs }: DeliveryFacts): number | undefined {
  // An event is given up when its first attempt and every retry were refused.
  const perEvent = retryAfterMs.length + 1
  return disable?.attempts ?? (disable?.events === undefined ? undefined : disable.events * perEvent)
}
