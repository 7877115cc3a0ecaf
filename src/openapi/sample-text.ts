import { type Random, randomInt, randomToken, randomUuid } from '../core/random.ts'
import { patternOf } from './keywords.ts'
import { type Node } from './model.ts'
import { patternSampler } from './sample-pattern.ts'

const letters = 'abcdefghijklmnopqrstuvwxyz'
const name = (random: Random) => randomToken(random, 8, letters)
const two = (value: number) => String(value).padStart(2, '0')
const date = (random: Random) =>
  `20${two(20 + randomInt(random, 10))}-${two(1 + randomInt(random, 12))}-${two(1 + randomInt(random, 28))}`
const time = (random: Random) =>
  `${two(randomInt(random, 24))}:${two(randomInt(random, 60))}:${two(randomInt(random, 60))}Z`
const address = (random: Random) => `192.0.2.${randomInt(random, 256)}` // RFC 5737: for documentation
const moment = (random: Random) => `${date(random)}T${time(random)}`

/** Texts by format. Hosts and addresses are those reserved for examples. */
const formats: Readonly<Record<string, (random: Random) => string>> = {
  date,
  time,
  'iso-time': time,
  'date-time': moment,
  'iso-date-time': moment,
  duration: (random) => `P${1 + randomInt(random, 30)}D`,
  email: (random) => `${name(random)}@example.com`,
  'idn-email': (random) => `${name(random)}@example.com`,
  hostname: (random) => `${name(random)}.example.com`,
  'idn-hostname': (random) => `${name(random)}.example.com`,
  ipv4: address,
  ipv6: (random) => `2001:db8::${randomInt(random, 65_536).toString(16)}`,
  uri: (random) => `https://example.com/${name(random)}`,
  url: (random) => `https://example.com/${name(random)}`,
  iri: (random) => `https://example.com/${name(random)}`,
  'uri-reference': (random) => `/${name(random)}`,
  'iri-reference': (random) => `/${name(random)}`,
  'uri-template': (random) => `/${name(random)}/{id}`,
  uuid: randomUuid,
  'json-pointer': (random) => `/${name(random)}`,
  'relative-json-pointer': (random) => `${randomInt(random, 4)}/${name(random)}`,
  regex: (random) => `^${name(random)}$`,
  byte: (random) => btoa(name(random)),
  decimal: (random) => String(randomInt(random, 10_000) / 100),
}

/** Draws a text that fits the keywords of a schema for strings, as far as it can. */
export function sampleText(schema: Node, random: Random): string {
  const { pattern, format } = schema
  const minLength = count(schema['minLength'], 0)
  const maxLength = count(schema['maxLength'], Math.max(minLength, 12))
  if (typeof pattern === 'string') {
    const fitting = sampleOfPattern(pattern, minLength, maxLength, random)
    if (fitting !== undefined) return fitting
  }
  const draw = typeof format === 'string' && Object.hasOwn(formats, format) ? formats[format] : undefined
  if (draw !== undefined) {
    const text = draw(random)
    return text.length < minLength && /^(uri|url|iri)/.test(format as string) ? text.padEnd(minLength, 'x') : text
  }
  const length = Math.min(Math.max(minLength, 8), maxLength)
  return randomToken(random, length, letters)
}

function sampleOfPattern(pattern: string, min: number, max: number, random: Random): string | undefined {
  const regExp = patternOf(pattern)
  if (regExp === undefined) return undefined
  const draw = patternSampler(pattern)
  for (let attempt = 0; attempt < 20; attempt++) {
    const drawn = draw(random)
    for (const text of [drawn, drawn.padEnd(min, 'x')]) {
      const { length } = text
      if (length >= min && length <= Math.max(max, 200) && regExp.test(text)) return text
    }
  }
  return undefined
}

function count(value: unknown, otherwise: number): number {
  return typeof value === 'number' && value >= 0 ? value : otherwise
}
