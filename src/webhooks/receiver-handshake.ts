import { type Clock } from '../core/clock.ts'
import { GoodfenceError } from '../core/errors.ts'
import { lightRequest, lightResponse } from '../core/light.ts'
import { type Service } from '../core/service.ts'
import { guardedFetch } from './guarded-fetch.ts'
import { answerHandshake, type HandshakeAnswer } from './handshake.ts'
import { type HandshakeReply } from './handshakes/handshake-kind.ts'
import { type ReceiverEnd } from './receiver-options.ts'
import { type ReceiverOptions } from './receiver-options.ts'
import { type VerifyOptions } from './signature.ts'
import { within } from './within.ts'

/** How long what a handshake asks for may take: the least patient provider waits three seconds. */
const actMs = 2_500

/** What a receiver does about handshakes. */
export interface Handshakes {
  /** The answer to a handshake; `undefined` for a delivery. */
  readonly answerTo: (delivery: VerifyOptions) => HandshakeAnswer | undefined
  /** Does what the handshake asks for, such as keeping a secret, and then answers it. */
  readonly carryOut: (answer: HandshakeAnswer, account: string) => Promise<ReceiverEnd>
  /** The answer to one with a wrong signature, where the provider is particular about it. */
  readonly refuse: (answer: HandshakeAnswer) => Response | undefined
}

/** Makes what answers the handshakes of a scheme; a scheme without any never gets an answer. */
export function handshakes(options: ReceiverOptions, clock: Clock): Handshakes {
  const { provider, onSecret } = options
  const { scheme } = provider.webhooks

  async function act({ captured, visit }: HandshakeAnswer, account: string): Promise<void> {
    if (captured !== undefined && onSecret !== undefined) await onSecret(captured, account)
    if (visit !== undefined) await visitOnce(options.fetch ?? guardedFetch({ clock, timeoutMs: actMs }), visit.url)
  }

  return {
    answerTo({ method = 'POST', url = '', headers, body, secrets, config }) {
      if (scheme.handshakes === undefined) return undefined
      const mayCapture = onSecret !== undefined && secrets.length === 0
      return answerHandshake(scheme, { method, url, headers, body }, { secrets, config, mayCapture })
    },
    async carryOut(answer, account) {
      const { kind: handshake, refused } = answer
      try {
        await within(clock, actMs, act(answer, account), late)
      } catch {
        return { outcome: 'handshake_failed', handshake }
      }
      const { status } = answer
      const end = { outcome: 'handshake', handshake, status, response: replyOf(answer) } as const
      return refused === undefined ? end : { ...end, reason: refused }
    },
    refuse: ({ forged }) => (forged === undefined ? undefined : replyOf(forged)),
  }
}

async function visitOnce(fetch: Service, url: string): Promise<void> {
  const response = await fetch(lightRequest({ url }))
  await response.body?.cancel()
  if (!response.ok) throw new Error(`The address to visit answered ${response.status}.`)
}

function replyOf({ status, headers, body }: HandshakeReply): Response {
  return lightResponse(body === '' ? null : body, { status, headers })
}

function late(): GoodfenceError {
  return new GoodfenceError('timeout', 'The handshake took too long.', { timeoutMs: actMs, phase: 'attempt' })
}
