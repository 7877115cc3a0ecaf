/** What the layers of one call tell each other and the provider must not see. */
export interface Context {
  /** Aborts this attempt. Replaces `request.signal`, as `init.signal` does in `fetch`. */
  readonly signal?: AbortSignal
  /**
   * Calls back, in the same turn and at once where it is too late, when `signal` aborts, until the returned function is
   * called. For contexts that make their signal only when somebody asks for it, which costs more than a layer.
   */
  onAbort?(callback: (reason: unknown) => void): () => void
  /** When the whole call must have ended, on the monotonic reading of the call's clock. */
  readonly deadlineAtMs?: number
}

/**
 * One HTTP exchange: resolves with the provider's answer, whatever its status, and rejects when no
 * answer came. `fetch` is one as it is.
 */
export type Service = (request: Request, context?: Context) => Promise<Response>

/** Adds one behaviour to a service and leaves everything else to `next`. */
export type Layer = (next: Service) => Service

/**
 * Joins layers into one. The first layer listed is the outermost: it sees the request first and the
 * response last.
 *
 * @example
 * const client = stack(retry(), attemptTimeout({ timeoutMs: 2_000 }))(fetch)
 */
export function stack(...layers: readonly Layer[]): Layer {
  return (service) => layers.reduceRight((next, layer) => layer(next), service)
}
