import { type Strike } from './delivery-fault.ts'
import { noted, sealed } from './marks.ts'

export interface Tamper {
  readonly kind: 'tamper'
}

/**
 * Changes one character of the signed body on its way: a digit of an amount where there is one. What was
 * JSON stays JSON. The provider sees it refused and tries again by its schedule, with the true bytes.
 */
export const tamper: Strike<Tamper> =
  (_fault, { sign }) =>
  (delivery) => [
    {
      ...sealed(delivery, sign),
      body: new TextEncoder().encode(tampered(new TextDecoder().decode(delivery.body))),
      genuine: false,
      note: noted(delivery, 'tampered with'),
    },
  ]

/** What an attacker would change, best first; each match ends where the character to change stands. */
const targets = [/"amount(?:_\w+)?"\s*:\s*(?=[1-9])/, /:\s*(?=[1-9])/, /"\s*:\s*"(?=[a-z0-9])/i, /(?=[a-z0-9])/i]

function tampered(text: string): string {
  const wasJson = isJson(text)
  for (const target of targets) {
    const match = target.exec(text)
    if (match === null) continue
    const at = match.index + match[0].length
    const changed = `${text.slice(0, at)}${other(text[at] as string)}${text.slice(at + 1)}`
    if (isJson(changed) || !wasJson) return changed
  }
  return `${text} `
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Another character of the same sort, which keeps numbers numbers: 1 becomes 9, 9 becomes 8. */
function other(character: string): string {
  if (character === '9') return '8'
  if (/\d/.test(character)) return '9'
  return character === 'x' ? 'y' : 'x'
}
