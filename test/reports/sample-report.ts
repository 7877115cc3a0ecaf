import { type Report, type ScenarioResult } from '../../src/reports/result.ts'

const facts = { provider: 'stripe', seed: 7, durationMs: 12, elapsedMs: 30_000, time: 'virtual', runs: 31 } as const

/** A result of which a test names only what it is about. */
export function sampleResult(result: Partial<ScenarioResult> = {}): ScenarioResult {
  return {
    ...facts,
    name: 'charges once when the reply is lost',
    subject: 'checkout',
    promise: 'An order is charged at most once.',
    verdict: 'holds',
    violations: [],
    ...result,
  }
}

/** A broken result with everything that a failure can carry. */
export function brokenResult(result: Partial<ScenarioResult> = {}): ScenarioResult {
  return sampleResult({
    verdict: 'broken',
    violations: [{ invariant: 'at-most-once', promise: 'p', happened: 'Order order-1 was charged twice.' }],
    plan: ['POST /v1/payment_intents, 1st attempt: lost-reply'],
    workload: ['pay order-1'],
    replay: 'npx goodfence replay .goodfence/one.json',
    location: { file: 'shop.config.ts', line: 3 },
    history: [
      { atMs: 0, from: 'shop', to: 'provider', text: 'POST /v1/payment_intents' },
      { atMs: 0, from: 'provider', to: 'shop', text: '200', answer: true, lost: true },
      { atMs: 200, from: 'provider', text: 'creates payment_intent pi_2', wrong: true },
      { atMs: 3_600_200, from: 'attacker', to: 'shop', text: 'event evt_1 again', forged: true },
    ],
    ...result,
  })
}

export function sampleReport(results: readonly ScenarioResult[], report: Partial<Report> = {}): Report {
  return {
    tool: { name: 'goodfence', version: '0.1.0' },
    title: 'Stripe scenarios',
    seed: 7,
    startedMs: Date.UTC(2026, 0, 2, 3, 4, 5),
    durationMs: 4_210,
    results,
    ...report,
  }
}

/** Strings that reach for the page, the terminal, the XML or the workflow around them. */
export const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><script>alert(2)</script>',
  '</title></svg><iframe src=javascript:alert(3)>',
  ']]><inject/>',
  '\u001b[2J\u0007 \u202eevil',
  '\ud800 half a pair',
  '%0A::error::fake\n::error::fake',
  '&lt;b&gt; &amp; `code` **bold** [x](javascript:y)',
]
