import { type Delivery } from './peer.ts'

/** A delivery on its way to a receiver, and the key that the receiver holds. */
export interface Arrival {
  readonly delivery: Delivery
  readonly held: string
  /** The headers that carry signature and time. */
  readonly security: readonly string[]
}

/** Two numbers that say where an edit strikes and what it puts there. */
export interface Dice {
  readonly at: number
  readonly what: number
}

type Edit = (arrival: Arrival, dice: Dice) => Arrival

const body =
  (change: (body: Buffer, dice: Dice) => Buffer): Edit =>
  (arrival, dice) => ({ ...arrival, delivery: { ...arrival.delivery, body: change(arrival.delivery.body, dice) } })

const text = (change: (text: string, dice: Dice) => string) =>
  body((bytes, dice) => Buffer.from(change(bytes.toString('latin1'), dice), 'latin1'))

const url =
  (change: (url: string) => string): Edit =>
  (arrival) => ({ ...arrival, delivery: { ...arrival.delivery, url: change(arrival.delivery.url) } })

const held =
  (change: (key: string, dice: Dice) => string): Edit =>
  (arrival, dice) => ({ ...arrival, held: change(arrival.held, dice) })

/** Changes one of the security headers; `undefined` takes it away. */
const header =
  (change: (value: string, dice: Dice) => string | undefined): Edit =>
  (arrival, dice) => {
    const { delivery, security } = arrival
    const name = security[dice.at % security.length]
    const value = delivery.headers[name ?? '']
    if (name === undefined || value === undefined) return arrival
    const { [name]: _, ...others } = delivery.headers
    const changed = change(value, { at: Math.floor(dice.at / security.length), what: dice.what })?.trim()
    return {
      ...arrival,
      delivery: { ...delivery, headers: changed === undefined ? others : { ...others, [name]: changed } },
    }
  }

const spliced = (value: string, { at, what }: Dice, taken: number, put: readonly string[]) => {
  const place = value.length === 0 ? 0 : at % value.length
  return value.slice(0, place) + (put[what % put.length] ?? '') + value.slice(place + taken)
}

const printable = Array.from({ length: 94 }, (_, index) => String.fromCodePoint(index + 0x21))

const jsonValues = ['', 'x', 'true', '1', 1, 1.5, 1e21, 0, true, false, null, [], ['x'], {}]

/** The JSON with one of its values, wherever it stands, replaced. */
function replaced(bytes: Buffer, at: number, by: (value: unknown) => unknown): Buffer {
  let count = 0
  try {
    const parsed: unknown = JSON.parse(bytes.toString(), (_, each: unknown) => (count++, each))
    let place = at % count
    if (typeof parsed !== 'object') return bytes
    return Buffer.from(
      JSON.stringify(JSON.parse(bytes.toString(), (_, each: unknown) => (place-- === 0 ? by(each) : each))),
    )
  } catch {
    return bytes
  }
}

/** Everything that is done to a delivery after it was signed. None of it needs the key. */
export const edits = {
  'body: a bit flipped': body((bytes, { at, what }) => {
    const changed = Buffer.from(bytes)
    if (bytes.length > 0) changed[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ (1 << (what % 8))
    return changed
  }),
  'body: a byte put in': text((bytes, dice) => spliced(bytes, dice, 0, [...printable, '\n', '\0', '\u00ff'])),
  'body: a byte taken out': text((bytes, dice) => spliced(bytes, dice, 1, [''])),
  'body: cut': body((bytes, { at }) => bytes.subarray(0, at % (bytes.length + 1))),
  'body: empty': body(() => Buffer.alloc(0)),
  'body: a newline added': text((bytes) => `${bytes}\n`),
  'body: a byte order mark put before': body((bytes) => Buffer.concat([Buffer.from('\uFEFF'), bytes])),
  'body: decoded and encoded': body((bytes) => Buffer.from(bytes.toString())),
  'body: replacement characters spoiled': text((bytes) => bytes.replaceAll('\u00ef\u00bf\u00bd', '\u00ff')),
  'body: JSON parsed and printed': body((bytes) => {
    try {
      return Buffer.from(JSON.stringify(JSON.parse(bytes.toString())))
    } catch {
      return bytes
    }
  }),
  'body: a JSON value replaced': body((bytes, { at, what }) =>
    replaced(bytes, at, () => jsonValues[what % jsonValues.length]),
  ),
  'body: a JSON value put into a list': body((bytes, { at }) => replaced(bytes, at, (value) => [value])),
  'body: line ends changed': text((bytes) => bytes.replaceAll(/\r?\n/g, (end) => (end === '\n' ? '\r\n' : '\n'))),
  'body: composed': body((bytes) => Buffer.from(bytes.toString().normalize('NFKC'))),

  'header: left out': header(() => undefined),
  'header: empty': header(() => ''),
  'header: a character changed': header((value, dice) => spliced(value, dice, 1, printable)),
  'header: a character put in': header((value, dice) => spliced(value, dice, 0, [...printable, ' ', '\u00e9'])),
  'header: a character taken out': header((value, dice) => spliced(value, dice, 1, [''])),
  'header: upper case': header((value) => value.toUpperCase()),
  'header: lower case': header((value) => value.toLowerCase()),
  'header: junk behind': header((value, { what }) => value + ['xx', 'zz', '=', '==', ';', ' x', ',', '.0'][what % 8]),
  'header: a separator and more behind': header((value, { what }) => value + ['=x', ',x'][what % 2]),
  'header: twice': header((value) => `${value}, ${value}`),
  'header: twice, a stranger first': header((value, dice) => `${spliced(value, dice, 1, ['0', 'x'])}, ${value}`),
  'header: twice, a stranger last': header((value, dice) => `${value}, ${spliced(value, dice, 1, ['0', 'x'])}`),
  'header: an item put before': header(
    (value, { what }) => ['v0=00,', 'v1=00,', 'v1,AA== ', 'x=1,', 'v1a,AA== ', 't=1,'][what % 6] + value,
  ),
  'header: an item put behind': header(
    (value, { what }) => value + [',v0=00', ',v1=00', ' v1,AA==', ',x=1', ' v2,AA==', ',t=1'][what % 6],
  ),
  'header: turned round': header((value) => value.split(',').toReversed().join(',')),
  'header: spaces after commas': header((value) => value.replaceAll(',', ', ')),
  'header: another version': header((value, { what }) =>
    value.replace(/^(sha256|v[01])(?=[=,])|v1(?==)/, ['sha1', 'v0', 'v2', 'V1', 'sha512', ''][what % 6] ?? ''),
  ),
  'header: no prefix': header((value) => value.replace(/^(sha256=|v[01][=,])/, '')),
  'header: no padding': header((value) => value.replaceAll(/=+$/g, '')),
  'header: the URL-safe alphabet': header((value) => value.replaceAll('+', '-').replaceAll('/', '_')),
  'header: unused bits set': header((value) =>
    value.replace(/.(?==+$)/, (last) => String.fromCodePoint((last.codePointAt(0) ?? 0) + 1)),
  ),
  'header: hex digits that decode alike': header((value) => value.replace(/0([1-9a-f])/, '$1g')),
  'header: hex to base64': header((value) =>
    value.replace(/[0-9a-f]{32,}/, (hex) => Buffer.from(hex, 'hex').toString('base64')),
  ),
  'header: a second later': header((value) => value.replace(/\d{10}/, (digits) => String(Number(digits) + 1))),
  'header: zeros before': header((value) => value.replace(/\d{10}/, '00$&')),
  'header: junk after the time': header((value, { what }) =>
    value.replace(/\d{10,13}/, `$&${['abc', '.0', 'e0', ' ', '.5'][what % 5]}`),
  ),
  'header: a digit moved into the body': (arrival) => {
    const { delivery, security } = arrival
    const name = security.find((each) => /^\d{10,13}$/.test(delivery.headers[each] ?? ''))
    if (name === undefined) return arrival
    const value = delivery.headers[name] ?? ''
    const moved = { ...delivery.headers, [name]: value.slice(0, -1) }
    return {
      ...arrival,
      delivery: { ...delivery, headers: moved, body: Buffer.concat([Buffer.from(value.slice(-1)), delivery.body]) },
    }
  },

  'key: another': held((key, dice) => spliced(key, dice, 1, ['0', '1', 'a', 'B'])),
  'key: longer': held((key, { what }) => key + ['\n', ' ', 'a', '00', '='][what % 5]),
  'key: cut': held((key, { at }) => key.slice(0, at % (key.length + 1))),
  'key: empty': held(() => ''),
  'key: without prefix': held((key) => key.replace(/^whsec_/, '')),
  'key: with a prefix': held((key) => `whsec_${key}`),
  'key: upper case': held((key) => key.toUpperCase()),
  'key: no padding': held((key) => key.replaceAll('=', '')),

  'url: a query parameter more': url((each) => `${each}${each.includes('?') ? '&' : '?'}x=1`),
  'url: the default port': url((each) => each.replace(/^(https?:\/\/[^/:?]+)(?=[/?])/, '$1:443')),
  'url: another port': url((each) => each.replace(/^(https?:\/\/[^/:?]+)(?=[/?])/, '$1:8443')),
  'url: no port': url((each) => each.replace(/:\d+(?=\/)/, '')),
  'url: a slash': url((each) => each.replace(/(?=\?|$)/, '/')),
  'url: upper case host': url((each) => each.replace('shop.test', 'SHOP.test')),
  'url: parsed and printed': url((each) => (URL.canParse(each) ? new URL(each).href : each)),
  'url: http': url((each) => each.replace(/^https/, 'http')),
} satisfies Readonly<Record<string, Edit>>

export type EditName = keyof typeof edits
