import { type Inject } from './fault.ts'

export interface Status {
  readonly kind: 'status'
  /** @default 500 */
  readonly status?: number
  /** Error code in the provider's envelope. @default what the provider says with this status */
  readonly code?: string
  /**
   * Whether the provider remembers this answer under the idempotency key and repeats it. @default false
   */
  readonly stored?: boolean
}

/** Refuses in the provider's own words, without an effect. */
export const status: Inject<Status> =
  ({ status = 500, code, stored = false }, { errorResponse }) =>
  () =>
  async (request) =>
    errorResponse(status, code, stored ? request : undefined)
