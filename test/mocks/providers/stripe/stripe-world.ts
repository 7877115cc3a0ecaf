import { type VirtualClock, virtualClock } from '../../../../src/core/virtual-clock.ts'
import { encodeForm } from '../../../../src/openapi/form.ts'
import { validateResponse } from '../../../../src/openapi/validate-response.ts'
import { type Mock } from '../../../../src/mocks/mock.ts'
import { type StripeMockOptions, createStripeMock } from '../../../../src/mocks/providers/stripe/create-stripe-mock.ts'

/** An answer of the mock, read. */
export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any
}

export interface StripeWorld {
  readonly mock: Mock
  readonly clock: VirtualClock
  readonly send: (
    method: string,
    path: string,
    parameters?: Parameters,
    headers?: Record<string, string>,
  ) => Promise<Reply>
  readonly post: (path: string, parameters?: Parameters, headers?: Record<string, string>) => Promise<Reply>
  readonly get: (path: string, parameters?: Parameters) => Promise<Reply>
  readonly del: (path: string) => Promise<Reply>
  /** Types of the events so far, the oldest first. */
  readonly events: () => string[]
}

type Parameters = Readonly<Record<string, unknown>>

/** 2026-01-01, a moment of no importance. */
export const startMs = Date.UTC(2026, 0, 1)

/** A payment that succeeds at once. */
export const order = {
  amount: 4200,
  currency: 'usd',
  payment_method: 'pm_card_visa',
  payment_method_types: ['card'],
  confirm: true,
}

export const baseUrl = 'https://api.stripe.test'

/** A mock of Stripe on a virtual clock. Unless requests go unchecked, every answer is held against the document. */
export async function stripeWorld(options: StripeMockOptions = {}): Promise<StripeWorld> {
  const clock = virtualClock({ startMs })
  const mock = await createStripeMock({ clock, ...options })

  async function send(
    method: string,
    path: string,
    parameters: Parameters = {},
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const text = encodeForm(parameters)
    const isPost = method === 'POST'
    const url = isPost || text === '' ? path : `${path}?${text}`
    const response = await mock(
      new Request(baseUrl + url, {
        method,
        headers: {
          authorization: 'Bearer sk_test_goodfence',
          ...(isPost ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
          ...headers,
        },
        ...(isPost ? { body: text } : {}),
      }),
    )
    const reply = { status: response.status, headers: response.headers, text: await response.text() }
    const body: unknown = JSON.parse(reply.text)
    if (options.validate !== false) requireAllowed(mock, method, path, response, body)
    return { ...reply, body }
  }

  return {
    mock,
    clock,
    send,
    post: (path, parameters, headers) => send('POST', path, parameters, headers),
    get: (path, parameters) => send('GET', path, parameters),
    del: (path) => send('DELETE', path),
    events: () => mock.objects('event').map((event) => event['type'] as string),
  }
}

function requireAllowed({ document }: Mock, method: string, path: string, response: Response, body: unknown): void {
  const match = document.match(method, path.split('?', 1)[0] as string)
  if (match === undefined) return
  const problems = validateResponse(
    document,
    match.operation,
    response.status,
    response.headers.get('content-type'),
    body,
  )
  if (problems.length === 0) return
  const list = problems.map(({ pointer, message }) => `${pointer} ${message}`).join('; ')
  throw new Error(`${method} ${path} was answered ${response.status} with what the document does not allow: ${list}`)
}
