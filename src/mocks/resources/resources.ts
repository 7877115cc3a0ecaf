import { type Layer } from '../../core/service.ts'
import { type Outbox } from '../../webhooks/outbox.ts'
import { type Answer } from '../answer.ts'
import { type Handler } from '../behaviour.ts'
import { type Exchange, exchangeOf } from '../exchange.ts'

export interface ResourcesOptions {
  readonly handlerOf: (exchange: Exchange) => Handler | undefined
  readonly outbox: Pick<Outbox, 'flushEarly'>
  readonly reply: (answer: Answer, request: Request, exchange: Exchange) => Response
}

/** Answers from the provider's state. Nothing waits between a handler's first read and its last write. */
export function resources(options: ResourcesOptions): Layer {
  const { handlerOf, outbox, reply } = options
  return (next) => async (request, context) => {
    const exchange = exchangeOf(request)
    const handler = handlerOf(exchange)
    if (handler === undefined) return next(request, context)
    try {
      return reply(handler(exchange), request, exchange)
    } finally {
      // The effect is done and the answer is not yet sent: now is when an early event overtakes it.
      if (exchange.eventful) await outbox.flushEarly()
    }
  }
}
