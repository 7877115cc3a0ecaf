import addFormats, { type FormatName } from 'ajv-formats'

/** What ajv-formats knows how to check; the rest of the formats of OpenAPI's registry say nothing that could be checked. */
const standard: readonly FormatName[] = [
  'date',
  'time',
  'date-time',
  'iso-time',
  'iso-date-time',
  'duration',
  'uri',
  'uri-reference',
  'uri-template',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'regex',
  'uuid',
  'json-pointer',
  'relative-json-pointer',
  'byte',
  'int32',
  'int64',
  'float',
  'double',
  'password',
  'binary',
]

const whole = (min: number, max: number) => (value: number) => Number.isInteger(value) && value >= min && value <= max

/** Further formats of numbers, from OpenAPI's format registry (spec.openapis.org/registry/format, read 2026-11-21) and Stripe. */
const numeric: Readonly<Record<string, (value: number) => boolean>> = {
  int8: whole(-128, 127),
  uint8: whole(0, 255),
  int16: whole(-32_768, 32_767),
  uint16: whole(0, 65_535),
  uint32: whole(0, 4_294_967_295),
  uint64: whole(0, Number.MAX_VALUE),
  'unix-time': whole(-8_640_000_000_000, 8_640_000_000_000),
}

/** Further formats of text: OpenAPI's registry has `decimal`; `url` is what many write for `uri`. */
const textual: Readonly<Record<string, RegExp>> = {
  decimal: /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i,
  url: /^[a-z][a-z0-9+.-]*:\S+$/i,
}

/** Formats that say how a value is shown, so that nothing is left unchecked. */
const descriptive = new Set(['html', 'commonmark'])

const known = new Set<string>([...standard, ...Object.keys(numeric), ...Object.keys(textual)])

/** Whether a format is enforced. */
export function hasFormat(format: string): boolean {
  return known.has(format)
}

/** Whether a format asks for nothing. */
export function isDescriptive(format: string): boolean {
  return descriptive.has(format)
}

/** Teaches a validator every format that is enforced. */
export function addKnownFormats(ajv: Parameters<typeof addFormats.default>[0]): void {
  addFormats.default(ajv, [...standard])
  for (const [name, validate] of Object.entries(numeric)) ajv.addFormat(name, { type: 'number', validate })
  for (const [name, pattern] of Object.entries(textual)) ajv.addFormat(name, pattern)
}
