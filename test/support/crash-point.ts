import { appendFileSync } from 'node:fs'
import { systemClock } from '../../src/core/clock.ts'
import { stripe } from '../../src/providers/stripe.ts'
import { serial } from '../../src/webhooks/orders/serial.ts'
import { createReceiver } from '../../src/webhooks/receiver.ts'
import { replay } from '../../src/webhooks/replay.ts'
import { sign } from '../../src/webhooks/signature.ts'
import { createWorker } from '../../src/webhooks/worker.ts'
import { type CrashPlan } from './crash-plan.ts'
import { openKillable } from './killable-inbox.ts'

/**
 * A process that carries out a plan, told as JSON, and dies at the place that the plan says, with SIGKILL. Prints a line for
 * each answer of its receiver and each attempt of its worker.
 */
const plan = JSON.parse(process.argv[2] ?? '') as CrashPlan
const clock = { ...systemClock, now: () => plan.nowMs }
const seen = new Map<string, number>()

function step(name: string): void {
  const time = (seen.get(name) ?? 0) + 1
  seen.set(name, time)
  if (plan.pauseAt === name && time === 1) process.kill(process.pid, 'SIGSTOP')
  if (plan.dieAt?.step === name && plan.dieAt.time === time) process.kill(process.pid, 'SIGKILL')
}

const secret = 'whsec_crash'
const { inbox, effect, ...rest } = await openKillable(plan.address, step, clock)
const order = { '*': serial({ key: () => 'pi_1' }) }

const tasks = {
  async receive() {
    const receiver = createReceiver({ provider: stripe, secrets: [secret], inbox, clock, order })
    const body = new TextEncoder().encode('{"id":"evt_1","type":"payment_intent.succeeded"}')
    const headers = sign(stripe.webhooks.scheme, { secret, body, timestampMs: plan.nowMs })
    const request = new Request('https://shop.test/hooks', { method: 'POST', headers: headers.headers, body })
    const response = await receiver(request)
    tell({
      status: response.status,
      duplicate: ((await response.json()) as { duplicate?: boolean }).duplicate === true,
    })
  },
  async handle() {
    const worker = createWorker<unknown>({
      inbox,
      clock,
      maxCrashes: 10,
      log: ({ eventId, outcome }) => tell({ eventId, outcome }),
      handle(event, context) {
        step('in the handler')
        appendFileSync(plan.callsFile, `${context.idempotencyKey('call')}\n`)
        context.effect(effect(event.id, context.attempt))
      },
    })
    await worker.drain()
  },
  async replay() {
    tell({ requeued: await replay(inbox, {}, { by: 'ann', reason: 'fixed', perSecond: 1e9 }) })
  },
  async prune() {
    tell(await inbox.prune())
  },
}

function tell(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

for (const task of plan.tasks) await tasks[task]()
await rest[Symbol.asyncDispose]()
