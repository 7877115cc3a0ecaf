import { describe, expect, test } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import { networkCodeOf } from '../../src/core/errors.ts'
import { createJournal } from '../../src/core/journal.ts'
import { lightResponse } from '../../src/core/light.ts'
import { seededRandom } from '../../src/core/random.ts'
import { type Service, stack } from '../../src/core/service.ts'
import { createFaults } from '../../src/mocks/create-faults.ts'
import { type Fault } from '../../src/mocks/faults/fault.ts'
import { type FaultPlan } from '../../src/mocks/plan.ts'

/** One way for a request to reach a service. */
export interface Transport {
  readonly name: string
  /** Whether a request without an answer tells its code. */
  readonly tellsCodes: boolean
  open(service: Service): Promise<OpenTransport>
}

export interface OpenTransport extends AsyncDisposable {
  readonly baseUrl: string
  readonly send: Service
}

/** What the caller came to know. */
type Outcome =
  | { readonly answer: number; readonly body: string; readonly headers: Record<string, string> }
  | { readonly cutAfter: string; readonly answer: number }
  | { readonly noAnswer: string | undefined }
  | 'pending'

const object = '{"id":"pi_1","note":"é","amount":1000}'
const json = { 'content-type': 'application/json' }
const refusal = (status: number, code?: string) => `{"error":{"status":${status},"code":"${code}"}}`

const cases: readonly { readonly fault?: Fault; readonly outcome: Outcome; readonly effects: 0 | 1 }[] = [
  { outcome: { answer: 200, body: object, headers: json }, effects: 1 },
  { fault: { kind: 'latency', delayMs: 5 }, outcome: { answer: 200, body: object, headers: json }, effects: 1 },
  { fault: { kind: 'drip', bytesPerSecond: 1_000 }, outcome: { answer: 200, body: object, headers: json }, effects: 1 },
  { fault: { kind: 'hang' }, outcome: 'pending', effects: 0 },
  { fault: { kind: 'reset' }, outcome: { noAnswer: 'ECONNRESET' }, effects: 0 },
  { fault: { kind: 'lost-reply' }, outcome: { noAnswer: 'ECONNRESET' }, effects: 1 },
  { fault: { kind: 'truncated-body', afterBytes: 7 }, outcome: { answer: 200, cutAfter: '{"id":"' }, effects: 1 },
  { fault: { kind: 'truncated-body', afterBytes: 0 }, outcome: { answer: 200, cutAfter: '' }, effects: 1 },
  {
    fault: { kind: 'malformed-json' },
    outcome: { answer: 200, body: `${object.slice(0, -1)},`, headers: json },
    effects: 1,
  },
  {
    fault: { kind: 'html-error', status: 502 },
    outcome: {
      answer: 502,
      body: expect.stringMatching(/^<html>\r\n.*502 Bad Gateway/s) as string,
      headers: { 'content-type': 'text/html' },
    },
    effects: 0,
  },
  {
    fault: { kind: 'status', status: 503, code: 'lock_timeout' },
    outcome: { answer: 503, body: refusal(503, 'lock_timeout'), headers: json },
    effects: 0,
  },
  {
    fault: { kind: 'status', status: 500, stored: true },
    outcome: { answer: 500, body: refusal(500), headers: json },
    effects: 0,
  },
  {
    fault: { kind: 'rate-limit', retryAfter: 3_600 },
    outcome: { answer: 429, body: refusal(429, 'rate_limit'), headers: { ...json, 'retry-after': '3600' } },
    effects: 0,
  },
]

/** One plan has one outcome, however the request travels: status and bytes, or no answer, or a cut. */
export function transportMatrix(transport: Transport): void {
  describe(`a plan over ${transport.name}`, () => {
    test.each(cases.map((each) => [JSON.stringify(each.fault ?? 'no fault'), each] as const))(
      '%s',
      async (_, { fault, outcome, effects }) => {
        const provider = faultyProvider({
          seed: 1,
          faults: fault === undefined ? [] : [{ on: { operation: 'POST /v1/things' }, fault }],
        })
        await using open = await transport.open(provider.service)

        const seen = await outcomeOf(open, provider.reached, outcome)

        const blurred = typeof outcome === 'object' && 'noAnswer' in outcome && !transport.tellsCodes
        expect(seen).toMatchObject(blurred ? { noAnswer: undefined } : (outcome as object))
        expect(provider.received).toEqual(effects === 0 ? [] : ['amount=1000&note=%C3%A9'])
      },
    )

    test('hands over method, path, query, headers and bytes, and lets the next request through', async () => {
      const seen: unknown[] = []
      await using open = await transport.open(async (request) => {
        seen.push(request.method, request.url.slice(open.baseUrl.length), request.headers.get('idempotency-key'), [
          ...(await request.bytes()),
        ])
        return lightResponse(null, { status: 204 })
      })
      for (const method of ['PUT', 'DELETE']) {
        const init = { method, headers: { 'idempotency-key': 'k' }, body: new Uint8Array([0, 255, 123]) }
        const response = await open.send(new Request(`${open.baseUrl}/v1/things?expand[]=a%20b&x=1`, init))
        expect(response.status).toBe(204)
        expect(await response.text()).toBe('')
      }

      const rest = ['/v1/things?expand[]=a%20b&x=1', 'k', [0, 255, 123]]
      expect(seen).toEqual(['PUT', ...rest, 'DELETE', ...rest])
    })
  })
}

function faultyProvider(plan: FaultPlan) {
  const received: string[] = []
  const reached = Promise.withResolvers<void>()
  const faults = createFaults(plan, {
    clock: systemClock,
    random: seededRandom(1),
    journal: createJournal(),
    errorResponse: (status, code) => lightResponse(refusal(status, code), { status, headers: json }),
    operationOf: (request) => ({ name: `${request.method} /v1/things` }),
  })
  const resources: Service = async (request) => {
    received.push(await request.text())
    return lightResponse(object, { headers: json })
  }
  const faulty = stack(faults.network, faults.execution)(resources)
  const service: Service = (request, context) => {
    reached.resolve()
    return faulty(request, context)
  }
  return { service, received, reached: reached.promise }
}

async function outcomeOf(
  { send, baseUrl }: OpenTransport,
  reached: Promise<void>,
  expected: Outcome,
): Promise<Outcome> {
  const controller = new AbortController()
  const request = new Request(`${baseUrl}/v1/things`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'amount=1000&note=%C3%A9',
  })
  const call = send(request, { signal: controller.signal }).then(readAll, (error: unknown) => ({
    noAnswer: networkCodeOf(error),
  }))
  const outcome = await (expected === 'pending' ? Promise.race([call, reached.then(patience)]) : call)
  controller.abort()
  await call // a caller that gives up must be let go
  return outcome
}

/** Long after every answer that comes at all. */
async function patience(): Promise<'pending'> {
  await systemClock.sleep(200)
  return 'pending'
}

async function readAll(response: Response): Promise<Outcome> {
  const chunks: Uint8Array[] = []
  const text = () => Buffer.concat(chunks).toString()
  try {
    for await (const chunk of response.body ?? []) chunks.push(chunk)
  } catch {
    return { answer: response.status, cutAfter: text() }
  }
  const headers = Object.fromEntries(
    ['content-type', 'retry-after'].flatMap((name) =>
      response.headers.has(name) ? [[name, response.headers.get(name)]] : [],
    ),
  )
  return { answer: response.status, body: text(), headers: headers as Record<string, string> }
}
