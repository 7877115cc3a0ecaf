/** A text without the secrets in it, and without what looks like one: keys of known make and bearer tokens. */
export function maskSecrets(text: string, secrets: Readonly<Record<string, string>>): string {
  let masked = text
  for (const secret of Object.values(secrets)) masked = masked.replaceAll(secret, '***')
  return masked
    .replace(/\b([sr]k_(?:live|test)_|whsec_)[\w+/=-]+/g, '$1***')
    .replace(/\b(Bearer\s+)[\w.~+/=-]{8,}/g, '$1***')
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
