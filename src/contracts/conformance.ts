import { pathOf } from '../core/record.ts'
import { type Layer } from '../core/service.ts'
import { type ApiDocument, type Operation, type Problem } from '../openapi/model.ts'
import { validateRequest } from '../openapi/validate-request.ts'
import { validateResponse } from '../openapi/validate-response.ts'
import { observeRequest, observeResponse } from './observe.ts'
import { isUndeclaredTrouble } from './trouble.ts'

/** Something that passed and that the document does not allow. */
export interface Nonconformity {
  readonly side: 'request' | 'response'
  /** As the document names it, or method and path where the document does not know them. */
  readonly operation: string
  /** Of the answer that was wrong. */
  readonly status?: number
  readonly problem: Problem
}

export interface ConformanceOptions {
  readonly document: ApiDocument
  /** Hears of each problem; what it throws is ignored. */
  readonly onProblem: (found: Nonconformity) => void
}

/**
 * Judges what passes by the document and changes nothing of it. A request is judged before it goes on,
 * an answer once its last byte is read; one that breaks off is not judged.
 *
 * A 429 or 5xx that the document does not name is no problem: nearly every provider sends them
 * unannounced. A schema that cannot be enforced is one, with the keyword `schema`.
 *
 * @example
 * const problems: Nonconformity[] = []
 * const checked = conformance({ document, onProblem: (found) => problems.push(found) })(fetch)
 */
export function conformance(options: ConformanceOptions): Layer {
  const { document, onProblem } = options

  function report(exchange: Omit<Nonconformity, 'problem'>, judge: () => readonly Problem[]): void {
    for (const problem of judged(judge)) {
      try {
        onProblem({ ...exchange, problem })
      } catch {
        // Whoever listens does not take part.
      }
    }
  }

  return (next) => async (request, context) => {
    const { method } = request
    const path = pathOf(request.url)
    const match = document.match(method, path)
    if (match === undefined) {
      report({ side: 'request', operation: `${method} ${path}` }, () => [unknownOperation(document, method, path)])
      return next(request, context)
    }
    const { operation, params } = match
    const { request: sent, bytes: body } = await observeRequest(request)
    if (body !== undefined) {
      const query = request.url.split('#', 1)[0]?.split('?').slice(1).join('?') ?? ''
      const { headers } = request
      const parts = { params, query, headers, contentType: headers.get('content-type'), body }
      const judge = () => validateRequest(document, operation, parts).problems
      report({ side: 'request', operation: operation.name }, judge)
    }
    const response = await next(sent, context)
    const { status } = response
    if (isUndeclaredTrouble(operation, status)) return response
    return observeResponse(response, (bytes) => {
      report({ side: 'response', operation: operation.name, status }, () =>
        problemsOfAnswer(document, operation, response, method === 'HEAD' ? undefined : bytes),
      )
    })
  }
}

function problemsOfAnswer(
  document: ApiDocument,
  operation: Operation,
  response: Response,
  body: Uint8Array | undefined,
): readonly Problem[] {
  const { status, headers } = response
  const problems = validateResponse(document, operation, status, headers.get('content-type'), body, headers)
  return body === undefined ? problems.filter((problem) => problem.in !== 'body') : problems
}

function judged(judge: () => readonly Problem[]): readonly Problem[] {
  try {
    return judge()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return [{ in: 'body', pointer: '', name: '', message, keyword: 'schema', params: {} }]
  }
}

function unknownOperation(document: ApiDocument, method: string, path: string): Problem {
  const allowed = document.allowed(path)
  const message =
    allowed.length === 0
      ? `The document has no path ${path}.`
      : `The document has no ${method} here; it has ${allowed.join(', ')}.`
  return { in: 'path', pointer: '', name: '', message, keyword: 'operation', params: { method, path, allowed } }
}
