import { isDeepStrictEqual } from 'node:util'
import { type EchoHandshake } from '../../providers/handshake.ts'
import { parseJson } from '../parsed-body.ts'
import {
  challengeValue,
  type HandshakeKind,
  type HandshakeRefusal,
  type HandshakeTools,
  isSuccess,
} from './handshake-kind.ts'

/** Sends a value of the request back: as text that no browser takes for a page, or within JSON. */
export const echo: HandshakeKind<EchoHandshake> = {
  answer(tools) {
    const filled = fill(tools)
    if (typeof filled === 'string') return filled
    const { text, json } = filled
    if (json === undefined) return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: text }
    return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) }
  },
  accepts(tools, answer) {
    const filled = fill(tools)
    if (typeof filled === 'string' || !isSuccess(answer)) return false
    const { text, json } = filled
    if (json === undefined) return answer.body === text
    return isDeepStrictEqual(parseJson(Buffer.from(answer.body)), json)
  },
}

type Filled =
  | { readonly text: string; readonly json?: undefined }
  | { readonly text?: undefined; readonly json: Readonly<Record<string, string>> }

function fill(tools: HandshakeTools<EchoHandshake>): Filled | HandshakeRefusal {
  const { handshake, valueAt, digest, keyId = '' } = tools
  const challenge = challengeValue(handshake.challenge, valueAt)
  if (challenge === undefined) return 'challenge_malformed'
  const hmac = handshake.hmac === undefined ? '' : digest(handshake.hmac, challenge)
  if (hmac === undefined) return 'no_secret'

  const values: Readonly<Record<string, string>> = { challenge, hmac, key_id: keyId }
  const filled = (template: string) => template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
  const { answer } = handshake
  if ('text' in answer) return { text: filled(answer.text) }
  return { json: Object.fromEntries(Object.entries(answer.json).map(([name, value]) => [name, filled(value)])) }
}
