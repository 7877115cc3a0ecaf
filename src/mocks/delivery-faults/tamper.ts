import { type Delivery, type Signed } from '../../webhooks/delivery.ts'
import { type Strike, type StrikeTools } from './delivery-fault.ts'
import { readJson } from './json-body.ts'
import { noted, sealed } from './marks.ts'
import { spoilt } from './spoilt.ts'

export interface Tamper {
  readonly kind: 'tamper'
}

/**
 * Changes one character of the body on its way, after it was signed: a digit of an amount where there is one, and of
 * what the signature covers if it covers any of the body. What was JSON stays JSON. The provider sees it refused and
 * tries again by its schedule, with the true bytes.
 */
export const tamper: Strike<Tamper> = (_fault, tools) => (delivery) => {
  const signed = sealed(delivery, tools.sign)
  const told = delivery.sealed !== true && tools.bodySigned ? otherThanSigned(delivery, signed, tools) : undefined
  const changed = told ?? { ...signed, body: tampered(signed.body)[0] as Signed['body'] }
  const remark = tools.bodySigned ? 'tampered with' : 'tampered with, which no signature tells'
  return [{ ...changed, sealed: true, genuine: false, note: noted(delivery, remark) }]
}

/** Another body with the signature of this one. `undefined` where the signature holds the whole body within it. */
function otherThanSigned(delivery: Delivery, signed: Delivery, { sign }: StrikeTools): Delivery | undefined {
  const before = added(delivery, signed)
  for (const body of tampered(delivery.body)) {
    const other = { ...delivery, body }
    const after = signedOrNot(other, sign)
    if (after === undefined) continue
    const values = added(other, after)
    if (values.length !== before.length || values.every((value, at) => value === before[at])) continue
    const old = before.values()
    const changed = { ...signed, ...spoilt(other, after, () => old.next().value) }
    if (!Buffer.from(changed.body).equals(signed.body)) return changed
  }
  return undefined
}

function signedOrNot(delivery: Delivery, sign: StrikeTools['sign']): Signed | undefined {
  try {
    return sign(delivery)
  } catch {
    return undefined
  }
}

/** What signing added, in the order of the message. */
function added(plain: Signed, signed: Signed): string[] {
  const values: string[] = []
  spoilt(plain, signed, (value) => {
    values.push(value)
    return value
  })
  return values
}

/** What an attacker would change, best first; each match ends where the character to change stands. */
const targets = [
  /"amount(?:_\w+)?"\s*:\s*(?=[1-9])/g,
  /\bamount\w*=(?=[1-9])/gi,
  /:\s*(?=[1-9])/g,
  /"\s*:\s*"(?=[a-z0-9])/gi,
  /=(?=[a-z0-9])/gi,
  /(?=[a-z0-9])/gi,
]

/** How many places of one sort are tried. */
const maxPlaces = 20

/** The body with one character changed, in several ways, the most harmful first. */
function tampered(bytes: Uint8Array): Signed['body'][] {
  const text = new TextDecoder().decode(bytes)
  const wasJson = readJson(bytes) !== undefined
  const places = targets.flatMap((target) => [...text.matchAll(target)].slice(0, maxPlaces))
  const changed = places.map(({ index, 0: match }) => {
    const at = index + match.length
    return new TextEncoder().encode(`${text.slice(0, at)}${other(text[at] as string)}${text.slice(at + 1)}`)
  })
  const still = wasJson ? changed.filter((each) => readJson(each) !== undefined) : changed
  return [...still, new TextEncoder().encode(`${text} `)]
}

/** Another character of the same sort, which keeps numbers numbers: 1 becomes 9, 9 becomes 8. */
function other(character: string): string {
  if (character === '9') return '8'
  if (/\d/.test(character)) return '9'
  return character === 'x' ? 'y' : 'x'
}
