import { type Clock, systemClock } from '../core/clock.ts'
import { GoodfenceError } from '../core/errors.ts'
import { type Journal, createJournal } from '../core/journal.ts'
import { type Context, type Layer, type Service } from '../core/service.ts'
import { type ApiDocument } from '../openapi/model.ts'
import { type Manifest } from '../providers/manifest.ts'
import { type WebhookTarget } from '../webhooks/delivery.ts'
import { type Outbox } from '../webhooks/outbox.ts'
import { createOutbox } from '../webhooks/sender.ts'
import { type Behaviour } from './behaviour.ts'
import { documentBehaviour } from './document-behaviour.ts'
import { type RunningMock, startMock } from './start-mock.ts'
import { type FaultPlan, emptyPlan } from './plan.ts'
import { type PlanNames, namesOf } from './plan-names.ts'
import { unknownWebhooks } from './unknown-webhooks.ts'

export interface MockOptions {
  readonly document: ApiDocument
  /** What the provider does beyond its document. @default what the document alone says */
  readonly behaviour?: Behaviour | undefined
  /** The provider's facts, for its webhooks. @default those of the behaviour's provider */
  readonly manifest?: Manifest | undefined
  /** @default the system's clock */
  readonly clock?: Clock | undefined
  /** @default 1 */
  readonly seed?: number | undefined
  /** @default a journal of its own */
  readonly journal?: Journal | undefined
  /** @default nothing goes wrong */
  readonly plan?: FaultPlan | undefined
  /** Who hears of events from the start. @default nobody */
  readonly webhooks?: readonly WebhookTarget[] | undefined
  /** Carries webhooks to endpoints that are made through the API. @default fetch */
  readonly deliver?: Service | undefined
  /** Refuses requests that the document does not allow. @default true */
  readonly validate?: boolean | undefined
  /** Keeps objects. Without it every answer is an example. @default true */
  readonly state?: boolean | undefined
  /** How many requests an account may make in a second. @default any number */
  readonly requestsPerSecond?: number | undefined
  /** @default 1 MiB */
  readonly maxBodyBytes?: number | undefined
  /** Answers instead of everything that stands behind the faults: another engine, such as Prism. @default our own */
  readonly engine?: Service | undefined
  /** An OAuth server in front of the provider. @default none */
  readonly oauth?: Layer | undefined
}

/** A stand-in provider: a Service with a memory. */
export interface Mock extends AsyncDisposable {
  (request: Request, context?: Context): Promise<Response>
  /** What addresses and messages call it: `stripe`, or the title of the document as `swagger-petstore`. */
  readonly name: string
  readonly document: ApiDocument
  readonly journal: Journal
  readonly clock: Clock
  readonly outbox: Outbox
  /** The provider's truth: its objects of one kind, in the order of making. */
  objects(kind: string): readonly Readonly<Record<string, unknown>>[]
  /** Ends what waits for a person, such as an authentication. Throws `usage` where nothing waits. */
  completeAction(id: string, how: 'succeed' | 'fail'): void
  /** Puts another plan to work from the next request on; `undefined` heals. */
  setPlan(plan: FaultPlan | undefined): void
  readonly plan: FaultPlan
  /** What a plan for this mock may name, for `readPlan`. */
  readonly planNames: PlanNames
  /** How often each operation was asked for since the start. */
  readonly requests: Readonly<Record<string, number>>
  /** Goes back to a byte-identical start: state, ids, journal, outbox, counters, keys. */
  reset(): void
}

/** Makes a mock of the provider that a document describes, with all that its behaviour adds. */
export function createMock(options: MockOptions): Mock {
  const {
    document,
    behaviour = documentBehaviour(document),
    clock = systemClock,
    seed = 1,
    webhooks = [],
    manifest,
  } = options
  const journal = options.journal ?? createJournal({ clock })
  let plan = options.plan ?? emptyPlan

  const outbox = createOutbox({
    clock,
    journal,
    facts: manifest?.webhooks ?? unknownWebhooks,
    targets: webhooks,
    seed,
    faults: (pending, tools) => running.faults().deliveries(pending, tools),
  })
  const start = (): RunningMock => startMock({ ...options, behaviour, clock, seed, journal, outbox, plan })
  let running = start()

  const service: Service = (request, context) => running.service(request, context)
  return Object.defineProperties(service, {
    name: { value: behaviour.name },
    document: { value: document },
    journal: { value: journal },
    clock: { value: clock },
    outbox: { value: outbox },
    objects: { value: (kind: string) => running.life.objects(kind) },
    completeAction: {
      value(id: string, how: 'succeed' | 'fail') {
        if (running.life.completeAction !== undefined) return running.life.completeAction(id, how)
        const mend = 'complete actions of a provider that has some'
        throw new GoodfenceError('usage', `Nothing at ${behaviour.name} waits for a person.`, { mend })
      },
    },
    setPlan: {
      value(next: FaultPlan | undefined) {
        plan = next ?? emptyPlan
        running.setPlan(plan)
      },
    },
    plan: { get: () => plan },
    planNames: { get: () => namesOf(document, manifest) },
    requests: { get: () => running.requests },
    reset: {
      value() {
        running.stop()
        outbox.reset()
        journal.clear()
        running = start()
      },
    },
    [Symbol.asyncDispose]: { value: () => outbox.close() },
  }) as Mock
}
