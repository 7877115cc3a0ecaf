import { type Clock } from '../core/clock.ts'
import { type Journal } from '../core/journal.ts'
import { type Service } from '../core/service.ts'
import { type FaultPlan } from '../mocks/plan.ts'
import { type PlanNames } from '../mocks/plan-names.ts'
import { type Scenario } from './define.ts'
import { type Space } from './draw.ts'
import { type Payment } from './history.ts'

/** What scenarios need of a provider's mock. */
export interface ScenarioMock extends Service {
  objects(kind: string): readonly Readonly<Record<string, unknown>>[]
  completeAction(id: string, how: 'succeed' | 'fail'): void
  setPlan(plan: FaultPlan | undefined): void
  /** What plans may name. @default anything */
  readonly planNames?: PlanNames
  reset(): void
  readonly outbox: {
    /** Deliveries that are still to come, retries included. */
    readonly pending: number
    send(event: {
      readonly id: string
      readonly type: string
      readonly body: Uint8Array<ArrayBuffer>
      readonly createdMs: number
    }): void
  }
  [Symbol.asyncDispose](): PromiseLike<void>
}

export interface ScenarioMockOptions {
  readonly clock: Clock
  readonly journal: Journal
  readonly seed: number
  readonly webhooks: readonly { readonly url: string; readonly service: Service; readonly secret: string }[]
}

/** What makes scenarios about a provider possible: its mock, its truth in neutral words, and its own scenarios. */
export interface ProviderPack {
  readonly name: string
  /** The name as people write it. */
  readonly title: string
  readonly baseUrl: string
  /** Every address of the provider that code may have built in. */
  readonly hosts: readonly string[]
  readonly apiKey: string
  readonly webhookSecret: string
  createMock(options: ScenarioMockOptions): Promise<ScenarioMock>
  /** The provider's payments; `isOrder` says which texts are ids of orders, wherever the integration put them. */
  payments(mock: ScenarioMock, isOrder: (text: string) => boolean): readonly Payment[]
  /** The text of an event as the provider would send it. */
  eventText(type: string, object: Readonly<Record<string, unknown>>, id: string, createdMs: number): string
  readonly scenarios: readonly Scenario[]
  readonly exploring: Exploring
}

/** What `explore` looks for and where. */
export interface Exploring {
  /** Its invariants must hold whatever is drawn; bundles of what was found go by its name. */
  readonly scenario: Scenario
  readonly space: Space
}
