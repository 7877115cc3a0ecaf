import { Refused, type Refusal } from '../../refusal.ts'

/** The kinds of error that Stripe's envelope knows. */
export type ErrorType = 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error'

/** Members of Stripe's error object beside its type, code and message. */
export interface ErrorFields {
  readonly param?: string
  readonly [field: string]: unknown
}

/** A refusal in Stripe's terms. */
export function stripeRefusal(
  status: number,
  type: ErrorType,
  code: string | undefined,
  message: string,
  fields: ErrorFields = {},
): Refusal {
  return { status, message, ...(code === undefined ? {} : { code }), fields: { type, ...fields } }
}

/** Ends a handler: the request cannot be done as it stands. */
export function refuse(code: string | undefined, message: string, fields?: ErrorFields, status = 400): never {
  throw new Refused(stripeRefusal(status, 'invalid_request_error', code, message, fields))
}

/** Ends a handler before it began: a parameter is missing or wrong. Not remembered under an idempotency key. */
export function refuseParameter(code: string | undefined, message: string, param: string): never {
  throw new Refused({ ...stripeRefusal(400, 'invalid_request_error', code, message, { param }), unexecuted: true })
}

/** The body of Stripe's envelope. The request's log has its place in it, as with the real one. */
export function errorBody(refusal: Refusal, requestId: string): Readonly<Record<string, unknown>> {
  const { type, ...fields } = refusal.fields ?? {}
  const { code, message } = refusal
  return {
    error: {
      ...(code === undefined ? {} : { code, doc_url: docUrl(code) }),
      message,
      ...fields,
      request_log_url: `https://dashboard.stripe.com/test/logs/${requestId}`,
      type: type ?? typeOf(refusal.status),
    },
  }
}

/** Where Stripe explains an error code. */
export function docUrl(code: string): string {
  return `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`
}

function typeOf(status: number): ErrorType {
  return status >= 500 ? 'api_error' : 'invalid_request_error'
}
