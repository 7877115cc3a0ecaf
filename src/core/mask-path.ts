/**
 * A path without what looks like a secret in it: keys and tokens of known make, and long random text without a
 * name before it. Words, UUIDs and ids such as `pi_3MtwBwLkdIwHu7ix28a3tqPa` stay, and so does what a secret of
 * known make begins with.
 *
 * @example
 * maskPath('/bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/sendMessage') // '/bot***' and '/sendMessage'
 */
export function maskPath(path: string): string {
  if (path !== lastPath) {
    lastMasked = withoutSecrets(path)
    lastPath = path
  }
  return lastMasked
}

/** A path's plain words; everything else, also ids and names, is replaced by `*`. */
export function plainPath(path: string): string {
  return path
    .split('/')
    .map((segment) => (/^(?:[a-z][a-z_-]{0,40}|v\d{1,2}|)$/.test(segment) ? segment : '*'))
    .join('/')
}

// One exchange is recorded in up to three places, one after the other.
let lastPath = ''
let lastMasked = ''

/** Looks at each segment where it stands: taking the path apart costs twice as much, and most have nothing to hide. */
function withoutSecrets(path: string): string {
  let shown = ''
  let copied = 0
  for (let start = 0, slash = 0; slash >= 0; start = slash + 1) {
    slash = path.indexOf('/', start)
    const end = slash < 0 ? path.length : slash
    if (end - start < 16) continue // a shorter secret would not be one
    const segment = path.slice(start, end)
    const instead = masked(segment)
    if (instead === segment) continue
    shown += path.slice(copied, start) + instead
    copied = end
  }
  return copied === 0 ? path : shown + path.slice(copied)
}

function masked(segment: string): string {
  const known = knownSecret.exec(segment) ?? clientSecret.exec(segment)
  if (known !== null) return `${known[0]}***`
  return isRandom(segment) ? '***' : segment
}

/** What secrets of well-known services begin with: Telegram, Stripe, Slack, GitHub, GitLab, Shopify, AWS, Google, SendGrid, JWT. */
const knownSecret =
  /^(?:bot(?=\d+(?::|%3[Aa]))|[sr]k_(?:live|test)_|whsec_|xox[a-z]-|xapp-|gh[a-z]_|github_pat_|glpat-|shp[a-z]{2}_|AKIA|AIza|ya29\.|SG\.|eyJ)/

/** Of Stripe's: whoever knows it may confirm the payment. */
const clientSecret = /^.+?_secret_/

const prefixedId = /^[a-z]+(?:_[a-z]+)*_[A-Za-z0-9]+$/
const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

/** Whether it is as random bytes are written: base64 with both cases, or hexadecimal of 128 bits and more. */
function isRandom(segment: string): boolean {
  if (prefixedId.test(segment) || uuid.test(segment) || !/\d/.test(segment)) return false
  if (/^[\da-z]{32,}$/i.test(segment)) return /[a-z]/i.test(segment)
  const base64 = segment.length >= 20 && /^(?:[\w.~=-]|%[\dA-Fa-f]{2})+$/.test(segment)
  return base64 && /[a-z]/.test(segment) && /[A-Z]/.test(segment)
}
