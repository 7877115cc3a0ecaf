import { type Random } from '../../core/random.ts'
import { type Layer } from '../../core/service.ts'
import { type ApiDocument } from '../../openapi/model.ts'
import { sampleResponse } from '../../openapi/sample.ts'
import { type Answer } from '../answer.ts'
import { type Exchange, exchangeOf } from '../exchange.ts'

export interface ExamplesOptions {
  readonly document: ApiDocument
  readonly random: Random
  readonly reply: (answer: Answer, request: Request, exchange: Exchange) => Response
}

/** Answers what nothing before could with an example: the document's own, or one drawn from its schemas. */
export function examples(options: ExamplesOptions): Layer {
  const { document, random, reply } = options
  return (next) => async (request, context) => {
    const exchange = exchangeOf(request)
    if (exchange.match === undefined) return next(request, context)
    const { status, contentType, body } = sampleResponse(document, exchange.match.operation, { random })
    exchange.summary = 'example'
    if (body === undefined || contentType === undefined)
      return reply({ status, headers: {}, body: null }, request, exchange)
    const text = typeof body === 'string' && !/json/i.test(contentType) ? body : JSON.stringify(body, null, 2)
    return reply({ status, headers: { 'content-type': contentType }, body: text }, request, exchange)
  }
}
