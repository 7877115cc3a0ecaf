/** Every way the package itself can fail, with the facts each failure carries. */
export interface Failures {
  // outgoing calls
  timeout: { readonly timeoutMs: number; readonly phase: 'attempt' | 'total' }
  circuit_open: { readonly retryAtMs: number }
  bulkhead_full: { readonly maxConcurrent: number; readonly maxQueued: number }
  throttled: { readonly waitMs: number }
  token_unavailable: { readonly status?: number }
  // bodies and bytes
  body_too_large: { readonly maxBytes: number }
  body_too_slow: { readonly timeoutMs: number }
  body_consumed: { readonly mend: string }
  form_malformed: { readonly name: string }
  // webhooks
  webhook_rejected: { readonly reason: string }
  address_refused: { readonly host: string }
  // documents, plans, bundles, configuration
  document_unreadable: { readonly path: string }
  document_malformed: { readonly path: string; readonly pointer?: string }
  document_unsupported: { readonly path: string; readonly version?: string }
  plan_invalid: { readonly path: string; readonly pointer: string }
  bundle_invalid: { readonly path: string; readonly pointer?: string }
  config_invalid: { readonly path: string }
  unknown_provider: { readonly name: string; readonly known: readonly string[] }
  usage: { readonly mend: string }
  environment: { readonly mend: string }
  port_taken: { readonly host: string; readonly port: number }
  // scenarios
  subject_failed: { readonly scenario?: string }
  clock_stuck: { readonly atMs: number }
  clock_exhausted: { readonly atMs: number; readonly limitMs: number; readonly maxTimers: number }
  // the package's own defects
  internal: { readonly where: string }
}

export type FailureCode = keyof Failures

/**
 * The one error class of the package. `code` is a promise and never changes its meaning; `facts`
 * are what that code carries; the message is for people and may change.
 */
export class GoodfenceError<Code extends FailureCode = FailureCode> extends Error {
  override readonly name = 'GoodfenceError'
  readonly code: Code
  readonly facts: Failures[Code]

  constructor(code: Code, message: string, facts: Failures[Code], options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.facts = facts
  }
}

/** Asks whether `error` is ours and, given a code, whether it is that failure. */
export function isGoodfenceError(error: unknown): error is GoodfenceError
export function isGoodfenceError<Code extends FailureCode>(error: unknown, code: Code): error is GoodfenceError<Code>
export function isGoodfenceError(error: unknown, code?: FailureCode): boolean {
  return error instanceof GoodfenceError && (code === undefined || error.code === code)
}

/** Codes of the transport failures that a mock can show its caller, as Node's `fetch` names them. */
export type NetworkCode = 'ECONNRESET' | 'ECONNREFUSED' | 'ENOTFOUND' | 'UND_ERR_SOCKET'

const networkTexts: Record<NetworkCode, string> = {
  ECONNRESET: 'read ECONNRESET',
  ECONNREFUSED: 'connect ECONNREFUSED',
  ENOTFOUND: 'getaddrinfo ENOTFOUND',
  UND_ERR_SOCKET: 'other side closed',
}

/**
 * Makes the very error that Node's `fetch` rejects with when no answer comes: a `TypeError` whose
 * `cause` carries the system's code. `terminated` is what a body that is cut off ends with.
 */
export function networkError(code: NetworkCode, message: 'fetch failed' | 'terminated' = 'fetch failed'): TypeError {
  return new TypeError(message, { cause: Object.assign(new Error(networkTexts[code]), { code }) })
}

/** The transport code of a rejection, looked up along its chain of causes. */
export function networkCodeOf(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 10; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string' && !(at instanceof GoodfenceError)) return at.code
  }
  return undefined
}
