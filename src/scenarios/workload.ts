import { duration } from '../reports/step.ts'

/** What a customer wants to buy. */
export interface Order {
  readonly id: string
  /** In the currency's smallest unit. */
  readonly amount: number
  readonly currency: string
  /** The provider's name of a test payment method, such as `pm_card_visa`. */
  readonly card: string
}

/** One thing that someone does. */
export type WorkloadStep = (
  | { readonly do: 'pay'; readonly order: Order }
  | { readonly do: 'refund'; readonly order: string }
  /** The customer ends what the bank asks for, such as an authentication. */
  | { readonly do: 'complete-action'; readonly order: string; readonly how: 'succeed' | 'fail' }
  /** The provider sends a genuine event that nothing in the workload caused. */
  | { readonly do: 'send-event'; readonly type: string; readonly object: Readonly<Record<string, unknown>> }
) & {
  /**
   * When it is done, in milliseconds from the start of the workload, whatever else is under way. Left out:
   * when every step before it has ended.
   */
  readonly atMs?: number
}

export type Workload = readonly WorkloadStep[]

/** An order of 20.00 usd with a good card. */
export function order(id: string, change: Partial<Order> = {}): Order {
  return { id, amount: 2_000, currency: 'usd', card: 'pm_card_visa', ...change }
}

/** A step in words. */
export function describeStep(step: WorkloadStep): string {
  const when = step.atMs === undefined ? '' : `, at ${duration(step.atMs)}`
  switch (step.do) {
    case 'pay':
      return `pay ${step.order.id}, ${money(step.order)}, ${step.order.card}${when}`
    case 'refund':
      return `refund ${step.order}${when}`
    case 'complete-action':
      return `the customer's authentication for ${step.order} ${step.how === 'succeed' ? 'succeeds' : 'fails'}${when}`
    case 'send-event':
      return `the provider sends ${step.type}${when}`
  }
}

/** An amount as people write it: `20.00 usd`. */
export function money({ amount, currency }: { readonly amount: number; readonly currency: string }): string {
  return `${(amount / 100).toFixed(2)} ${currency}`
}

/** The orders that a workload pays for, each once. */
export function ordersOf(workload: Workload): readonly Order[] {
  const orders = new Map<string, Order>()
  for (const step of workload) if (step.do === 'pay') orders.set(step.order.id, step.order)
  return [...orders.values()]
}
