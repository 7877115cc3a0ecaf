import { isDeepStrictEqual } from 'node:util'
import { type AcknowledgeHandshake } from '../../providers/handshake.ts'
import { parseJson } from '../parsed-body.ts'
import { type HandshakeKind, isSuccess } from './handshake-kind.ts'

/** Shows that somebody is there. */
export const acknowledge: HandshakeKind<AcknowledgeHandshake> = {
  answer({ handshake: { answer } }) {
    const { status, json } = answer
    if (json === undefined) return { status, headers: {}, body: '' }
    return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) }
  },
  accepts({ handshake }, answer) {
    const { json } = handshake.answer
    return isSuccess(answer) && (json === undefined || isDeepStrictEqual(parseJson(Buffer.from(answer.body)), json))
  },
}
