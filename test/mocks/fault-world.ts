import { networkCodeOf } from '../../src/core/errors.ts'
import { createJournal } from '../../src/core/journal.ts'
import { lightResponse } from '../../src/core/light.ts'
import { seededRandom } from '../../src/core/random.ts'
import { type Service } from '../../src/core/service.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { createFaults } from '../../src/mocks/create-faults.ts'
import { type Fault } from '../../src/mocks/faults/fault.ts'
import { type FaultPlan, type FaultRule } from '../../src/mocks/plan.ts'

/** 2027-01-15T08:00:00Z. */
export const startMs = 1_800_000_000_000

export const answerText = '{"id":"pi_1","amount":1200}'

/** A plan whose one rule strikes everything. */
export function always(fault: Fault): FaultPlan {
  return { seed: 1, faults: [{ fault }] }
}

export function planOf(...faults: readonly FaultRule[]): FaultPlan {
  return { seed: 1, faults }
}

/** A provider that counts its effects and takes 5 ms for each, behind the faults of a plan. */
export function faultWorld(plan: FaultPlan) {
  const clock = virtualClock({ startMs })
  const journal = createJournal({ clock })
  const effects = { count: 0 }
  const refusals: { status: number; code: string | undefined }[] = []
  const answers: Response[] = []
  const provider: Service = async () => {
    await clock.sleep(5)
    effects.count++
    const answer = lightResponse(answerText, { headers: { 'content-type': 'application/json', 'request-id': 'req_1' } })
    answers.push(answer)
    return answer
  }
  const faults = createFaults(plan, {
    clock,
    journal,
    random: seededRandom(7, 'world'),
    errorResponse(status, code) {
      refusals.push({ status, code })
      return lightResponse(JSON.stringify({ error: { code } }), {
        status,
        headers: { 'content-type': 'application/json' },
      })
    },
    operationOf(request) {
      const name = `${request.method} ${new URL(request.url).pathname}`
      return name === 'POST /unknown' ? undefined : { name, id: name === 'POST /refunds' ? 'PostRefunds' : undefined }
    },
    tenantOf: (request) => request.headers.get('stripe-account') ?? undefined,
  })
  const mock = faults.network(faults.execution(provider))
  return { clock, journal, effects, refusals, answers, faults, mock }
}

export function post(path = '/payment_intents', init: RequestInit = {}): Request {
  return new Request(`https://api.test${path}`, { method: 'POST', ...init })
}

/** How an exchange ended for its caller, in one line. */
export async function endOf(answer: Promise<Response>): Promise<string> {
  let response: Response
  try {
    response = await answer
  } catch (error) {
    return `no answer: ${networkCodeOf(error) ?? String(error)}`
  }
  const chunks: Uint8Array[] = []
  const text = () => Buffer.concat(chunks).toString()
  try {
    for await (const chunk of response.body ?? []) chunks.push(chunk as Uint8Array)
  } catch (error) {
    return `${response.status} ${text()} cut: ${networkCodeOf(error) ?? String(error)}`
  }
  return `${response.status} ${text()}`
}
