import { type UrlRules } from '../providers/url-rules.ts'

/** The address that a stranger's text names, where the rules allow it; otherwise `undefined`. */
export function allowedUrl(text: string, { host, pathEnd = '' }: UrlRules): URL | undefined {
  if (text.length > maxLength || !URL.canParse(text)) return undefined
  const url = new URL(text)
  const plain = url.protocol === 'https:' && url.port === '' && url.username === '' && url.password === ''
  return plain && new RegExp(`^(?:${host})$`).test(url.hostname) && url.pathname.endsWith(pathEnd) ? url : undefined
}

/** Longer than any provider's, and short enough to be matched at once. */
const maxLength = 2_048
