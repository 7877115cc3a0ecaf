import { type Service } from '../core/service.ts'
import { askWith } from './fetch-request.ts'

/** A context of Hono, as far as it matters here. */
interface HonoContext {
  readonly req: {
    readonly raw: Request
    /** What was read of the body before, by how it was read. */
    readonly bodyCache: { readonly arrayBuffer?: Promise<ArrayBuffer> | ArrayBuffer }
  }
}

const mend =
  'In Hono, let no middleware before goodfence call c.req.json(), c.req.text() or c.req.parseBody(); c.req.arrayBuffer() keeps the bytes and does no harm.'

/**
 * A service as a handler for Hono 4, on whatever runs it. It reads the body itself and always answers.
 *
 * @example
 * app.all('/hooks/stripe', toHonoHandler(receiver))
 */
export function toHonoHandler(service: Service): (context: HonoContext) => Promise<Response> {
  return async ({ req }) => {
    const kept = await req.bodyCache.arrayBuffer
    return askWith(service, req.raw, mend, kept === undefined ? undefined : new Uint8Array(kept))
  }
}
