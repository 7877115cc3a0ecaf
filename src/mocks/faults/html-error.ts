import { STATUS_CODES } from 'node:http'
import { lightResponse } from '../../core/light.ts'
import { type Inject } from './fault.ts'

export interface HtmlError {
  readonly kind: 'html-error'
  /** @default 502 */
  readonly status?: number
}

/** Answers with a proxy's page of HTML in place of the provider, which never hears of the request. */
export const htmlError: Inject<HtmlError> =
  ({ status = 502 }) =>
  () =>
  async () =>
    lightResponse(page(status), { status, headers: { 'content-type': 'text/html' } })

function page(status: number): string {
  const title = `${status} ${STATUS_CODES[status] ?? 'Error'}`
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`
}
