import { type Operation } from '../openapi/model.ts'

/**
 * Whether an answer says that the provider is in trouble (429 or 5xx) without the document naming that
 * status or its class. Such answers are neither drift nor a promise: nearly every provider gives
 * them, and hardly a document says so; `default` speaks about refusals, not about outages.
 */
export function isUndeclaredTrouble(operation: Operation | undefined, status: number): boolean {
  if (status !== 429 && status < 500) return false
  const responses = operation?.responses ?? {}
  return responses[status] === undefined && responses[`${Math.floor(status / 100)}XX`] === undefined
}
