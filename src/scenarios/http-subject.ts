import { bytesOf } from '../core/body.ts'
import { type Service } from '../core/service.ts'
import { type Observed, type Subject, type SubjectEnv, defineSubject } from './define.ts'
import { type Order } from './workload.ts'

/** A program at work. */
export interface Program {
  /** Where it listens, such as `http://127.0.0.1:3000`. */
  readonly url: string
  stop(): Promise<void>
}

export interface HttpSubjectOptions {
  readonly name: string
  readonly provider: string
  /** Starts a fresh program, which finds the provider at `baseUrl`. It ends with an empty memory. */
  start(env: Pick<SubjectEnv, 'baseUrl' | 'apiKey' | 'webhookSecret'>): Promise<Program>
  /** Where it hears webhooks. @default '/webhooks' */
  readonly webhooksPath?: string
  pay(url: string, order: Order): Promise<unknown>
  refund?(url: string, orderId: string): Promise<unknown>
  observe(url: string): Promise<Observed>
}

/**
 * Describes an integration that is a program of its own, in any language, reached over HTTP.
 *
 * The provider's mock listens on a port for it. Time is real, so scenarios that need hours are left out,
 * nothing is shrunk, and the report says so.
 */
export function httpSubject(options: HttpSubjectOptions): Subject {
  const { name, provider, webhooksPath = '/webhooks', pay, refund, observe } = options
  return defineSubject({
    name,
    provider,
    time: 'real',
    async start({ baseUrl, apiKey, webhookSecret }) {
      const { url, stop } = await options.start({ baseUrl, apiKey, webhookSecret })
      return {
        webhooks: forward(new URL(webhooksPath, url).href),
        operations: {
          pay: (order) => pay(url, order),
          ...(refund === undefined ? {} : { refund: (orderId: string) => refund(url, orderId) }),
        },
        observe: () => observe(url),
        stop,
      }
    },
  })
}

/** Sends a delivery on to where the program listens, byte for byte. */
function forward(url: string): Service {
  return async (request, context) => {
    const { method, headers } = request
    const signal = context?.signal ?? request.signal
    return fetch(url, { method, headers, body: await bytesOf(request), signal })
  }
}
