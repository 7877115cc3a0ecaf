import { isNode } from '../../../openapi/model.ts'
import { refuseParameter } from './error.ts'

/** What a request of Stripe's API brought in its body or query, after the document has read it. */
export type Parameters = Readonly<Record<string, unknown>>

/** A text; none where the parameter was not sent or sent empty, which is how a form says "nothing". */
export function textIn(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A text that has to be there. */
export function requiredText(parameters: Parameters, name: string): string {
  return textIn(parameters, name) ?? missing(name)
}

/** An email address as a field to take over, which an empty text clears. Which form is one is assumed: something@a.domain. */
export function emailField(parameters: Parameters, name: string): Record<string, unknown> {
  const email = textIn(parameters, name)
  if (email !== undefined && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email))
    refuseParameter('email_invalid', `Invalid email address: ${shown(email)}`, name)
  return taken(parameters, [name])
}

/** A whole number. */
export function integerIn(parameters: Parameters, name: string): number | undefined {
  const value = parameters[name]
  if (value === undefined || value === '') return undefined
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isSafeInteger(number))
    refuseParameter('parameter_invalid_integer', `Invalid integer: ${shown(value)}`, name)
  return number
}

/** Whether a flag is set. */
export function flagIn(parameters: Parameters, name: string): boolean | undefined {
  const value = parameters[name]
  if (value === true || value === 'true') return true
  return value === false || value === 'false' ? false : undefined
}

/** A nested object, empty where none was sent. */
export function objectIn(parameters: Parameters, name: string): Parameters {
  const value = parameters[name]
  return isNode(value) ? value : {}
}

/** A list. Forms write lists as objects with numbers for keys, too. */
export function listIn(parameters: Parameters, name: string): readonly unknown[] {
  const value = parameters[name]
  if (Array.isArray(value)) return value
  if (isNode(value)) return Object.values(value)
  return value === undefined || value === '' ? [] : [value]
}

/** The texts of a list. */
export function textsIn(parameters: Parameters, name: string): readonly string[] {
  return listIn(parameters, name).filter((item) => typeof item === 'string')
}

/** Ends a handler: a parameter that must be there is not. */
export function missing(name: string): never {
  refuseParameter('parameter_missing', `Missing required param: ${name}.`, name)
}

/** Names a few fields to take over as they are: an empty text clears a field. */
export function taken(parameters: Parameters, names: readonly string[]): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const name of names) {
    const value = parameters[name]
    if (value !== undefined) fields[name] = value === '' ? null : value
  }
  return fields
}

/** The metadata after a request: what it sets is set, what it empties is gone, all of it when it sends nothing. */
export function metadataAfter(
  before: Readonly<Record<string, string>>,
  parameters: Parameters,
): Record<string, string> {
  const sent = parameters['metadata']
  if (sent === undefined) return before
  if (!isNode(sent)) return {}
  const after: Record<string, string> = { ...before }
  for (const [key, value] of Object.entries(sent)) {
    const text = value === null ? '' : textOf(value)
    checkMetadata('key', key, 40)
    checkMetadata('value', text, 500)
    if (text === '') delete after[key]
    else after[key] = text
  }
  const count = Object.keys(after).length
  if (count > 50)
    refuseParameter(
      undefined,
      `You can only have up to 50 metadata keys, and this object would have ${count}.`,
      'metadata',
    )
  return after
}

function checkMetadata(what: 'key' | 'value', text: string, most: number): void {
  const { length } = Array.from(text) // characters, of which some are two units of UTF-16
  if (length > most)
    refuseParameter(
      undefined,
      `Metadata ${what}s can have up to ${most} characters, but you passed in a ${what} that is ${length} characters. Invalid ${what}: ${shown(text)}`,
      'metadata',
    )
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** A value as an error may quote it: short, and never the digits of a card. */
export function shown(value: unknown): string {
  const text = textOf(value)
  return /\d{12}/.test(text) ? '(hidden)' : text.slice(0, 60)
}
