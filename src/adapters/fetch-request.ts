import { readBytesWith, tooLarge } from '../core/body.ts'
import { toPlatformResponse } from '../core/platform.ts'
import { type Service } from '../core/service.ts'
import { consumedBefore } from './node-request.ts'

/**
 * Hands a request of the platform to a service, and its answer back to code that takes no other. `kept` are the bytes
 * of a body that was read before; `mend` says how to mount the service where they are gone.
 */
export async function askWith(
  service: Service,
  request: Request,
  mend: string,
  kept?: Uint8Array<ArrayBuffer>,
): Promise<Response> {
  if (kept !== undefined)
    readBytesWith(request, ({ maxBytes = Infinity }) =>
      kept.byteLength > maxBytes ? Promise.reject(tooLarge(maxBytes)) : Promise.resolve(kept),
    )
  else if (request.bodyUsed) readBytesWith(request, () => Promise.reject(consumedBefore(mend)))
  return toPlatformResponse(await service(request))
}
