import { type Clock } from '../core/clock.ts'
import { type Happening, type Journal } from '../core/journal.ts'
import { type Random, randomUuid, seededRandom } from '../core/random.ts'
import { type Layer, type Service, stack } from '../core/service.ts'
import { type Match } from '../openapi/model.ts'
import { type Outbox } from '../webhooks/outbox.ts'
import { type Answer, respond } from './answer.ts'
import { type Behaviour, type Life, type WebhookPort } from './behaviour.ts'
import { guard } from './checks/guard.ts'
import { idempotency } from './checks/idempotency.ts'
import { notFound } from './checks/not-found.ts'
import { rateLimit } from './checks/rate-limit.ts'
import { recordExchanges } from './checks/record-exchanges.ts'
import { requireAuth } from './checks/require-auth.ts'
import { validateRequests } from './checks/validate-requests.ts'
import { type Faults, createFaults } from './create-faults.ts'
import { examples } from './examples/examples.ts'
import { type Exchange, exchangeOf, noInput } from './exchange.ts'
import { type MockOptions } from './mock.ts'
import { type FaultPlan } from './plan.ts'
import { type Refusal } from './refusal.ts'
import { resources } from './resources/resources.ts'
import { createStore } from './resources/store.ts'
import { webhookPort } from './webhook-port.ts'

export interface StartOptions extends MockOptions {
  readonly behaviour: Behaviour
  readonly clock: Clock
  readonly seed: number
  readonly journal: Journal
  readonly outbox: Outbox
  readonly plan: FaultPlan
}

/** A mock between two resets. */
export interface RunningMock {
  readonly service: Service
  readonly life: Life
  faults(): Faults
  readonly requests: Readonly<Record<string, number>>
  setPlan(plan: FaultPlan): void
  /** What is still under way changes nothing any more that anybody sees. */
  stop(): void
}

const none: Layer = (next) => next
const instead =
  (engine: Service): Layer =>
  () =>
    engine

/** Starts a mock from nothing. The same options make the same mock, byte for byte. */
export function startMock(options: StartOptions): RunningMock {
  const { document, behaviour, clock, seed, outbox, validate = true, state = true, maxBodyBytes = 2 ** 20 } = options
  const { oauth = none, requestsPerSecond } = options
  const startedAtMs = clock.now()
  const { journal, webhooks, shut } = gates(options.journal, webhookPort(outbox, options.deliver))
  const random = (name: string): Random => seededRandom(seed, `${behaviour.name} ${name}`)
  const requestIds = random('request id')
  const nextRequestId = () => behaviour.requestId?.(requestIds) ?? randomUuid(requestIds)
  const requests: Record<string, number> = {}
  let exchangesBegun = 0

  const store = createStore()
  const life = behaviour.start({
    document,
    clock,
    random,
    store,
    journal,
    webhooks,
  })

  function matchOf(method: string, path: string): Match | undefined {
    const match = document.match(method, path)
    return match !== undefined && behaviour.lacks?.(match) === true ? undefined : match
  }

  function open(request: Request): Exchange {
    const { method, url, headers } = request
    const { origin, path, query } = partsOf(url)
    const match = matchOf(method, path)
    if (match !== undefined) requests[match.operation.name] = (requests[match.operation.name] ?? 0) + 1
    const { idempotency: rule } = behaviour
    const key = match !== undefined && rule?.methods.includes(method) === true ? headers.get(rule.header) : null
    return {
      id: `mock-${++exchangesBegun}`,
      requestId: nextRequestId(),
      method,
      origin,
      path,
      query,
      headers,
      match,
      tenant: behaviour.tenantOf?.(request) ?? '',
      idempotencyKey: key === null || key === '' ? undefined : key,
      input: noInput,
      summary: undefined,
      eventful: false,
    }
  }

  function dressed(answer: Answer, request: Request, exchange: Exchange): Answer {
    const headers = behaviour.headers?.(request, exchange)
    return headers === undefined ? answer : { ...answer, headers: { ...answer.headers, ...headers } }
  }
  const reply = (answer: Answer, request: Request, exchange: Exchange) => respond(dressed(answer, request, exchange))
  const errorAnswer = (refusal: Refusal, request: Request, exchange: Exchange) => {
    exchange.summary = refusal.summary ?? `${refusal.code ?? refusal.status}`
    return dressed(behaviour.errorAnswer(refusal, exchange), request, exchange)
  }
  const refuse = (refusal: Refusal, request: Request, exchange: Exchange) =>
    respond(errorAnswer(refusal, request, exchange))

  /** The edge of a provider refuses without knowing anything of the request. */
  function faultResponse(status: number, code?: string, request?: Request): Response {
    const refusal = behaviour.faultRefusal?.(status, code) ?? plainRefusal(status, code)
    if (request !== undefined) return refuse(refusal, request, exchangeOf(request))
    return refuse(refusal, nobodysRequest, { ...nobody, requestId: nextRequestId() })
  }

  const faultsOf = (plan: FaultPlan): Faults =>
    createFaults(plan, {
      clock,
      random: () => random('faults')(),
      journal,
      startedAtMs,
      errorResponse: faultResponse,
      operationOf: (request) => exchangeOf(request).match?.operation,
      tenantOf: (request) => exchangeOf(request).tenant,
    })
  let faults = faultsOf(options.plan)

  const service = stack(
    recordExchanges({ journal, open }),
    (next) => (request, context) => faults.network(next)(request, context),
    guard({ journal, refuse }),
    options.engine === undefined ? none : instead(options.engine),
    oauth,
    behaviour.authenticate === undefined ? none : requireAuth(behaviour.authenticate),
    requestsPerSecond === undefined
      ? none
      : rateLimit({
          limit: requestsPerSecond,
          clock,
          refusal: (retryAfterMs) => behaviour.rateLimited?.(retryAfterMs) ?? plainRateLimit(retryAfterMs),
        }),
    validateRequests({
      document,
      enforce: validate,
      maxBodyBytes,
      accepts: behaviour.accepts,
      invalid: behaviour.invalid,
    }),
    behaviour.idempotency === undefined
      ? none
      : idempotency({
          rule: behaviour.idempotency,
          clock,
          errorAnswer,
          freshHeaders: (exchange) =>
            behaviour.requestIdHeader === undefined ? {} : { [behaviour.requestIdHeader]: exchange.requestId },
        }),
    (next) => (request, context) => faults.execution(next)(request, context),
    state ? resources({ handlerOf: ({ match }) => match && life.handler(match.operation), outbox, reply }) : none,
    examples({ document, random: random('examples'), reply }),
  )(notFound({ document, unknownUrl: behaviour.unknownUrl }))

  return {
    service,
    life,
    requests,
    faults: () => faults,
    setPlan(plan) {
      faults = faultsOf(plan)
    },
    stop: shut,
  }
}

/** Doors that can be shut, so that what a life that is over still does leaves no trace in the next. */
function gates(journal: Journal, webhooks: WebhookPort): { journal: Journal; webhooks: WebhookPort; shut: () => void } {
  let open = true
  return {
    journal: {
      ...journal,
      record: (happening: Happening) => (open ? journal.record(happening) : { seq: 0, atMs: 0, ...happening }),
    },
    webhooks: {
      ...webhooks,
      wanted: (type) => (open ? webhooks.wanted(type) : 0),
      add: (target) => (open ? webhooks.add(target) : undefined),
      remove: (url) => (open ? webhooks.remove(url) : undefined),
    },
    shut: () => void (open = false),
  }
}

function partsOf(url: string): { origin: string; path: string; query: string } {
  const start = url.indexOf('/', url.indexOf('//') + 2)
  if (start < 0) return { origin: url, path: '/', query: '' }
  const origin = url.slice(0, start)
  const hash = url.indexOf('#', start)
  const end = hash < 0 ? url.length : hash
  const mark = url.indexOf('?', start)
  if (mark < 0 || mark > end) return { origin, path: url.slice(start, end), query: '' }
  return { origin, path: url.slice(start, mark), query: url.slice(mark + 1, end) }
}

const nobodysRequest = new Request('http://nobody.invalid/')

const nobody: Exchange = {
  id: '',
  requestId: '',
  method: 'GET',
  origin: '',
  path: '/',
  query: '',
  headers: nobodysRequest.headers,
  match: undefined,
  tenant: '',
  idempotencyKey: undefined,
  input: noInput,
  summary: undefined,
  eventful: false,
}

function plainRefusal(status: number, code: string | undefined): Refusal {
  return { status, message: 'The request could not be carried out.', ...(code === undefined ? {} : { code }) }
}

function plainRateLimit(retryAfterMs: number): Refusal {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000))
  return {
    status: 429,
    code: 'rate_limited',
    message: 'Too many requests.',
    headers: { 'retry-after': String(seconds) },
  }
}
