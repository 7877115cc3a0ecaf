/**
 * Whether a value must not be written to a file: by its name, or by what it looks like. Only asked
 * about what a consumer sends; texts that a provider sends are never written at all.
 */
export function isSecret(name: string, value: unknown): boolean {
  const text = String(value)
  return text !== '' && (isSecretName(name) || looksSecret(text))
}

/** Whether a text looks like a credential or holds a card number. */
export function looksSecret(text: string): boolean {
  return shapes.some((shape) => shape.test(text)) || holdsCardNumber(text) || isOpaque(text)
}

const words = /password|passwd|passphrase|secret|token|apikey|accesskey|privatekey|authorization|credential|assertion/
const wholeWords = /^(?:cvc|cvv|pin|iban|ssn|key|signature|sig|accountnumber|routingnumber|sortcode|taxid)$/

function isSecretName(name: string): boolean {
  const segments = name.split(/[[\].]+/).map((segment) => segment.replaceAll(/[-_\s]/g, '').toLowerCase())
  return segments.some((segment) => words.test(segment) || wholeWords.test(segment))
}

const shapes = [
  /\b(?:sk|rk|pk)_(?:live|test)_/i, // Stripe
  /\bwhsec_/,
  /_secret_/,
  /\b(?:Bearer|Basic)\s+\S/i,
  /\beyJ[\w-]+\.[\w-]+\.[\w-]*/, // a JWT
  /-----BEGIN /,
  /\bgh[pousr]_\w{20}/, // GitHub
  /\bxox[a-z]-/, // Slack
  /\bAKIA[0-9A-Z]{12}/, // AWS
  /\bSG\.[\w-]{10}/, // SendGrid
  /:\/\/[^/\s:@]*:[^/\s@]+@/, // a password in a URL
]

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** One long word of letters and digits, as keys and tokens are. */
function isOpaque(text: string): boolean {
  return /^[\w+/=.~-]{32,}$/.test(text) && /\d/.test(text) && /[a-z]/i.test(text) && !uuid.test(text)
}

function holdsCardNumber(text: string): boolean {
  for (const [run] of text.matchAll(/\d(?:[ -]?\d){12,18}/g)) if (hasLuhnDigit(run.replaceAll(/\D/g, ''))) return true
  return false
}

/** The check digit of card numbers (ISO/IEC 7812-1, annex B). */
function hasLuhnDigit(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    const doubled = digit * (1 + (i % 2))
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
