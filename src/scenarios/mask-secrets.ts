/**
 * A text without the secrets in it, and without what looks like one: keys of known make, bearer tokens and the
 * credentials of Basic. Also where they are encoded for a URL or in base64.
 */
export function maskSecrets(text: string, secrets: Readonly<Record<string, string>>): string {
  return maskPlain(text, secrets)
    .replace(/[\w+/-]{8,}={0,2}/g, (run) => (hidesSecret(run, secrets) ? '***' : run))
    .replace(/\b(Basic\s+)([\w+/-]{4,}={0,2})/g, (all, name, run) => (isUserAndPassword(run) ? `${name}***` : all))
}

function maskPlain(text: string, secrets: Readonly<Record<string, string>>): string {
  let masked = text
  for (const secret of Object.values(secrets))
    masked = masked.replaceAll(secret, '***').replaceAll(encodeURIComponent(secret), '***')
  return masked
    .replace(/\b([sr]k_(?:live|test)_|whsec_)[\w+/=-]+/g, '$1***')
    .replace(/\b(Bearer\s+)[\w.~+/=-]{8,}/g, '$1***')
}

/** Whether what looks like base64 has a secret in it. A path may lead up to it, so it may begin at any character. */
function hidesSecret(run: string, secrets: Readonly<Record<string, string>>): boolean {
  return [0, 1, 2, 3].some((start) => {
    const decoded = decode(run.slice(start))
    return maskPlain(decoded, secrets) !== decoded
  })
}

/** RFC 7617 section 2: a user, a colon and a password. An ordinary word decodes to neither. */
function isUserAndPassword(run: string): boolean {
  return /^[^\p{Cc}\uFFFD]*:[^\p{Cc}\uFFFD]*$/u.test(decode(run))
}

function decode(base64: string): string {
  return Buffer.from(base64, 'base64').toString()
}

/** What a failure says, in one line and without secrets. */
export function errorInWords(error: unknown, secrets: Readonly<Record<string, string>>): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  const line = maskSecrets(text, secrets).replace(/\s+/g, ' ').trim()
  return line.length > 300 ? `${line.slice(0, 300)}…` : line
}

/** A failure to hand on: the same, but for the secrets in its texts and whatever else hangs on it. */
export function maskedError(error: unknown, secrets: Readonly<Record<string, string>>): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? maskSecrets(error, secrets) : undefined
  const { name, message, stack = '' } = error
  const masked: Error = Object.create(Object.getPrototypeOf(error) as object)
  for (const [field, text] of Object.entries({ name, message, stack }))
    Object.defineProperty(masked, field, { value: maskSecrets(text, secrets), configurable: true, writable: true })
  return masked
}
