import { encodeForm } from '../openapi/form.ts'
import { isNode } from '../openapi/model.ts'

/** A request on its way through Pact's verifier. */
export interface VerifiedRequest {
  readonly headers: Record<string, string | string[] | undefined>
  body?: unknown
}

export interface VerifierFilterOptions {
  /** Set on every request: what a Pact file never holds, such as the key of the API. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/**
 * The `requestFilter` for Pact's verifier (`@pact-foundation/pact`, 17.1.4): adds headers, and writes
 * forms as forms, which the verifier's proxy would otherwise send on as JSON of the wrong length.
 */
export function verifierFilter(options: VerifierFilterOptions = {}) {
  const { headers = {} } = options
  return (request: VerifiedRequest, _response: unknown, next: () => void): void => {
    Object.assign(request.headers, headers)
    if (
      String(request.headers['content-type']).startsWith('application/x-www-form-urlencoded') &&
      isNode(request.body)
    ) {
      const body = Buffer.from(encodeForm(request.body))
      request.headers['content-length'] = String(body.byteLength)
      request.body = body
    }
    next()
  }
}
