import {
  bulkhead as cockatielBulkhead,
  circuitBreaker as cockatielBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleAll,
  retry as cockatielRetry,
  timeout as cockatielTimeout,
  TimeoutStrategy,
  wrap,
} from 'cockatiel'
import { bearer } from '../src/clients/auth/bearer.ts'
import { type ClientOptions, createClient } from '../src/clients/client.ts'
import { createJournal } from '../src/core/journal.ts'
import { lightRequest, lightResponse } from '../src/core/light.ts'
import { interleave, median, ratios, spread } from './measure.ts'
import { type Row } from './row.ts'

/** What a call through the client costs when nothing goes wrong: a request built beforehand, an answer at once. */
export async function rows(): Promise<Row[]> {
  // The kind of message that our typed clients and mocks make.
  const request = lightRequest({ url: 'https://api.example.com/v1/customers' })
  const platformRequest = new Request(request.url)
  const response = lightResponse(null, { status: 204 })
  const stub = async (_: Request) => response

  const full = createClient({
    fetch: stub,
    auth: bearer({ token: 'sk_test_bench' }),
    journal: createJournal({ maxEntries: 1_000 }),
  })
  const off: ClientOptions = { deadline: false, key: false }
  const four = createClient({ ...off, fetch: stub })
  const policy = wrap(
    cockatielRetry(handleAll, { maxAttempts: 3, backoff: new ExponentialBackoff() }),
    cockatielBreaker(handleAll, { halfOpenAfter: 5_000, breaker: new ConsecutiveBreaker(20) }),
    cockatielTimeout(10_000, TimeoutStrategy.Cooperative),
    cockatielBulkhead(50, 200),
  )

  const timings = await interleave(
    {
      bare: () => stub(request),
      full: () => full(request),
      platform: () => full(platformRequest),
      four: () => four(request),
      cockatiel: () => policy.execute(() => stub(request)),
    },
    { rounds: 200, calls: 1_000 },
  )
  const row = (name: string, versus: string, values: readonly number[]): Row => ({
    name,
    value: median(values),
    unit: 'x',
    versus,
    spread: spread(values),
  })
  return [
    row(
      'client-stack-vs-bare',
      'one awaited async call; stack: journal, deadline, key, retry, breaker, bulkhead, bearer, attempt timeout, journal',
      ratios(timings.full, timings.bare),
    ),
    row(
      'client-stack-platform-vs-bare',
      'the same with a Request of the platform, whose headers and signal cost more',
      ratios(timings.platform, timings.bare),
    ),
    row(
      'client-stack-vs-cockatiel',
      'cockatiel 4.0.0; both: retry, breaker, timeout, bulkhead',
      ratios(timings.four, timings.cockatiel),
    ),
    row(
      'client-stack-full-vs-cockatiel',
      'cockatiel 4.0.0 with its four policies; stack: all of client-stack-vs-bare',
      ratios(timings.full, timings.cockatiel),
    ),
  ]
}
