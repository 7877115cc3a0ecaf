import { writeSync } from 'node:fs'
import { systemClock } from '../../src/core/clock.ts'
import { randomInt, seededRandom } from '../../src/core/random.ts'
import { stripe } from '../../src/providers/stripe.ts'
import { createReceiver } from '../../src/webhooks/receiver.ts'
import { sign } from '../../src/webhooks/signature.ts'
import { createWorker } from '../../src/webhooks/worker.ts'
import { openKillable } from './killable-inbox.ts'
import { type KilledPlan } from './random-kills.ts'

/**
 * A process that receives deliveries or handles them, as the JSON of its plan says, and ends itself with SIGKILL at a step
 * drawn from its seed. Of each delivery that was answered 2xx it says so at once.
 */
const plan = JSON.parse(process.argv[2] ?? '') as KilledPlan
const { address, role, events, from, seed, killWithin, manner } = plan
const dieAt = killWithin === 0 ? 0 : 1 + randomInt(seededRandom(seed), killWithin)
let steps = 0

function step(): void {
  if (++steps === dieAt) process.kill(process.pid, 'SIGKILL')
}

const secret = 'whsec_soak'
const { inbox, effect, careless, ...rest } = await openKillable(address, step)

async function receive(): Promise<void> {
  const receiver = createReceiver({ provider: stripe, secrets: [secret], inbox })
  for (let at = from; at < events; at++) {
    const body = new TextEncoder().encode(`{"id":"evt_${at}","type":"payment_intent.succeeded"}`)
    const { headers } = sign(stripe.webhooks.scheme, { secret, body, timestampMs: systemClock.now() })
    const { status } = await receiver(new Request('https://shop.test/hooks', { method: 'POST', headers, body }))
    step()
    if (status === 200) writeSync(1, `${at}\n`)
    else throw new Error(`A delivery was answered ${status}.`)
  }
}

async function work(): Promise<void> {
  const worker = createWorker<unknown>({
    inbox,
    concurrency: 4,
    leaseMs: 1_000,
    maxCrashes: 1_000_000,
    pausesMs: Array<number>(100).fill(0),
    async handle(event, context) {
      step()
      if (manner === 'careful') return context.effect(effect(event.id, context.attempt))
      await careless(event.id, context.attempt)
      step()
    },
  })
  for (;;) {
    await worker.drain()
    const { counts } = await inbox.inspect({ limit: 0 })
    if (counts.done >= events) return
    await systemClock.sleep(30)
  }
}

await (role === 'receive' ? receive() : work())
await rest[Symbol.asyncDispose]()
