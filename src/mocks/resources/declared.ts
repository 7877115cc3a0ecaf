import { bodyKind, mediaTypeOf, schemaOf } from '../../openapi/bodies.ts'
import { type DeclaredResponse, type Operation, type Schema } from '../../openapi/model.ts'

/** One declared JSON answer of an operation. */
export interface DeclaredAnswer {
  readonly status: number
  readonly contentType: string
  readonly schema: Schema | undefined
  readonly response: DeclaredResponse
}

/** The success that an operation declares; `preferred` statuses are looked for first. */
export function successOf(operation: Operation, preferred: readonly number[] = []): DeclaredAnswer {
  const declared = Object.keys(operation.responses).filter((status) => /^2(\d\d|XX)$/i.test(status))
  const chosen = preferred.map(String).find((status) => declared.includes(status)) ?? declared[0] ?? 'default'
  const response = operation.responses[chosen]
  const status = /^\d+$/.test(chosen) ? Number(chosen) : (preferred[0] ?? 200)
  return { status, ...jsonOf(response), response: response ?? noResponse }
}

/** The JSON that a declared answer carries. */
export function jsonOf(response: DeclaredResponse | undefined): { contentType: string; schema: Schema | undefined } {
  for (const [type, media] of Object.entries(response?.content ?? {})) {
    if (type === '*/*') return { contentType: 'application/json', schema: schemaOf(media) }
    if (bodyKind(mediaTypeOf(type)) === 'json') return { contentType: type, schema: schemaOf(media) }
  }
  return { contentType: 'application/json', schema: undefined }
}

const noResponse: DeclaredResponse = { content: {}, headers: {}, raw: {} }
