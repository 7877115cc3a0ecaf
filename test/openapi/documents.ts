import { readDocument } from '../../src/openapi/document.ts'
import { type ApiDocument, type Operation } from '../../src/openapi/model.ts'
import { type ValidatedRequest, validateRequest } from '../../src/openapi/validate-request.ts'

/** A document with the given paths and component schemas. */
export function documentOf(
  paths: Record<string, unknown>,
  schemas: Record<string, unknown> = {},
  openapi = '3.0.3',
): ApiDocument {
  return readDocument({ openapi, info: { title: 'Test', version: '1' }, paths, components: { schemas } }, 'test.yaml')
}

/** The operation by that name, or an error that says which. */
export function operationOf(document: ApiDocument, name: string): Operation {
  const operation = document.operation(name)
  if (operation === undefined) throw new Error(`no operation ${name}`)
  return operation
}

export interface Sent {
  readonly query?: string
  readonly headers?: Record<string, string>
  readonly contentType?: string
  readonly body?: string
}

/** Validates what a client would send to `method path`. */
export function send(document: ApiDocument, method: string, path: string, sent: Sent = {}): ValidatedRequest {
  const match = document.match(method, path)
  if (match === undefined) throw new Error(`nothing matches ${method} ${path}`)
  return validateRequest(document, match.operation, {
    params: match.params,
    query: sent.query ?? '',
    headers: new Headers(sent.headers),
    contentType: sent.contentType,
    body: new TextEncoder().encode(sent.body ?? ''),
  })
}

/** Problems in one line each: where, which keyword. */
export function lines(problems: ValidatedRequest['problems']): string[] {
  return problems.map(({ in: place, name, keyword }) => `${place} ${name}: ${keyword}`)
}
