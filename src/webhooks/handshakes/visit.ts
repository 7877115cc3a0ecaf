import { type VisitHandshake } from '../../providers/handshake.ts'
import { allowedUrl } from '../allowed-url.ts'
import { type HandshakeKind, isSuccess } from './handshake-kind.ts'

/** Names an address that confirms the subscription once it is visited: one of the provider's, or none. */
export const visit: HandshakeKind<VisitHandshake> = {
  answer({ handshake, valueAt }) {
    const { urlAt, allowed } = handshake
    const url = valueAt(urlAt)
    if (typeof url !== 'string' || allowedUrl(url, allowed) === undefined) return 'address_refused'
    return { status: 200, headers: {}, body: '', visit: { url, allowed } }
  },
  // The answer says only that the request arrived; the visit is what counts, and the provider sees that itself.
  accepts: (_, answer) => isSuccess(answer),
}
