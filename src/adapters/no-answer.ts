import { networkCodeOf } from '../core/errors.ts'

/**
 * The transport code of a rejection that `fetch` could have made: no answer came. Undefined for any
 * other error, which is a defect in the service and must not look like a fault.
 */
export function noAnswerCodeOf(error: unknown): string | undefined {
  return error instanceof TypeError && error.cause !== undefined ? networkCodeOf(error.cause) : undefined
}
