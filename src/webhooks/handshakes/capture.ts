import { type CaptureHandshake } from '../../providers/handshake.ts'
import { challengeValue, type HandshakeKind, isSuccess } from './handshake-kind.ts'

/**
 * Takes the secret that the provider chose. Anybody can send one: it is taken only while one is awaited, and a
 * secret that is already held is never replaced unasked.
 */
export const capture: HandshakeKind<CaptureHandshake> = {
  answer(tools) {
    const captured = challengeValue(tools.handshake.challenge, tools.valueAt)
    if (captured === undefined) return 'challenge_malformed'
    if (!tools.mayCapture) return 'capture_closed'
    const { echoHeader } = tools.handshake
    return { status: 200, headers: echoHeader === undefined ? {} : { [echoHeader]: captured }, body: '', captured }
  },
  accepts(tools, answer) {
    const { echoHeader } = tools.handshake
    return (
      isSuccess(answer) &&
      (echoHeader === undefined ||
        answer.headers.get(echoHeader) === challengeValue(tools.handshake.challenge, tools.valueAt))
    )
  },
}
