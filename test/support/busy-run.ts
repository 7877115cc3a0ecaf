import { createWatchdog } from '../../src/cli/watchdog.ts'
import { defineConfig, defineSubject } from '../../src/scenarios/define.ts'
import { runSuite } from '../../src/scenarios/suite.ts'

/**
 * Runs one scenario, under a watchdog that waits for 400 ms, against a subject that works in the way that it is given.
 * `loads` does not get that far.
 */
const ways: Readonly<Record<string, () => Promise<void>>> = {
  async microtasks() {
    for (;;) await Promise.resolve()
  },
  async loop() {
    for (;;);
  },
  async waits() {
    await new Promise((resolve) => setTimeout(resolve, 1_500))
  },
}

const subject = defineSubject({
  name: 'busy',
  provider: 'stripe',
  time: process.argv[2] === 'waits' ? 'real' : 'globals',
  start: async () => ({
    operations: { pay: async () => ways[process.argv[2] ?? '']?.() },
    webhooks: async () => new Response('ok'),
    observe: async () => ({ orders: {} }),
  }),
})

using watchdog = createWatchdog({ limitMs: 400 })
if (process.argv[2] === 'loads') {
  watchdog.loading('shop.config.ts')
  for (;;);
}
const { report } = await runSuite(defineConfig({ provider: 'stripe', subject }), {
  grep: 'takes a payment when nothing goes wrong',
  onRun: (run) => watchdog.heed(run),
})
console.log(report.results.map(({ verdict }) => verdict).join())
