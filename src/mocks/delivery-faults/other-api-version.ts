import { type Strike } from './delivery-fault.ts'
import { isObject, readJson, writeJson } from './json-body.ts'
import { noted } from './marks.ts'

export interface OtherApiVersion {
  readonly kind: 'other-api-version'
  /** @default '2099-01-01' */
  readonly version?: string
}

/**
 * Writes the event for another version of the API: the version says so where the provider tells one, and there are
 * members that nobody has heard of.
 */
export const otherApiVersion: Strike<OtherApiVersion> =
  ({ version = '2099-01-01' }, { rewrite }) =>
  (delivery) => {
    const rewritten = rewrite(delivery, { version })
    const json = readJson(rewritten.body)
    const body = isObject(json) ? writeJson(withNovelties(json)) : rewritten.body
    return [{ ...rewritten, body, note: noted(delivery, `for version ${version} of the API`) }]
  }

function withNovelties(event: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { data } = event
  const about =
    isObject(data) && isObject(data['object']) ? { ...data, object: { ...data['object'], ...novelty } } : data
  return { ...event, ...(data === undefined ? {} : { data: about }), ...novelty }
}

const novelty = { novelty: { since: 'another version' } }
