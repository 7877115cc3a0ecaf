import { bytesOf } from '../../core/body.ts'
import { type Clock } from '../../core/clock.ts'
import { type Context, type Layer, type Service } from '../../core/service.ts'
import { type Answer, answerOf, respond } from '../answer.ts'
import { type IdempotencyRule } from '../behaviour.ts'
import { type Exchange, exchangeOf } from '../exchange.ts'
import { Refused, type Refusal } from '../refusal.ts'
import { type KeyStore, createKeyStore } from './key-store.ts'
import { sameParameters } from './same-parameters.ts'

export interface IdempotencyOptions {
  readonly rule: IdempotencyRule
  readonly clock: Clock
  /** Puts a refusal into the provider's words, so that it can be remembered. */
  readonly errorAnswer: (refusal: Refusal, request: Request, exchange: Exchange) => Answer
  /** Headers of a replayed answer that are its own. */
  readonly freshHeaders: (exchange: Exchange) => Readonly<Record<string, string>>
}

/**
 * Runs the request of one key once. While it runs the key answers with a conflict; afterwards the same
 * request gets the same answer and another one is refused, until the key expires.
 *
 * Place it inside request validation, whose refusals are not remembered, and outside everything that has effects.
 */
export function idempotency(options: IdempotencyOptions): Layer {
  const { rule, clock, errorAnswer, freshHeaders } = options
  const keys: KeyStore = createKeyStore(rule.retentionMs)

  async function keyed(key: string, next: Service, request: Request, context: Context | undefined): Promise<Response> {
    const exchange = exchangeOf(request)
    const unfit = rule.checkKey(key)
    if (unfit !== undefined) throw new Refused(unfit)
    const parameters = {
      path: afterHost(request.url),
      body: await bytesOf(request),
      type: request.headers.get('content-type'),
    }

    // From here to the reservation nothing waits, so two requests cannot both find the key free.
    const nowMs = clock.now()
    const scoped = `${exchange.tenant}\0${key}`
    const entry = keys.find(scoped, nowMs)
    if (entry !== undefined) {
      if (!sameParameters(entry.request, parameters)) throw new Refused(rule.different(key, entry.path, exchange))
      if (entry.answer === undefined) throw new Refused(rule.inFlight(key, exchange))
      exchange.summary = `replayed ${entry.answer.summary ?? entry.answer.answer.status}`
      const { status, headers, body: stored } = entry.answer.answer
      return respond({
        status,
        headers: { ...headers, ...freshHeaders(exchange), ...rule.replayHeaders },
        body: stored,
      })
    }
    const reserved = keys.reserve(scoped, nowMs, { path: exchange.path, request: parameters })

    try {
      const { answer, response } = await answerOf(await next(request, context))
      if (rule.stores?.(answer) ?? true) reserved.settle({ answer, summary: exchange.summary })
      else reserved.release()
      return response
    } catch (error) {
      if (!(error instanceof Refused) || error.refusal.unexecuted === true) {
        reserved.release()
        throw error
      }
      const answer = errorAnswer(error.refusal, request, exchange)
      reserved.settle({ answer, summary: exchange.summary })
      return respond(answer)
    }
  }

  return (next) => (request, context) => {
    const key = exchangeOf(request).idempotencyKey
    return key === undefined ? next(request, context) : keyed(key, next, request, context)
  }
}

/** Path and query: a repetition that finds the mock under another name is the same request. */
function afterHost(url: string): string {
  return url.slice(url.indexOf('/', url.indexOf('//') + 2))
}
