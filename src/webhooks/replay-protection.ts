import { type Scheme } from '../providers/scheme.ts'

/**
 * What tells a genuine delivery that somebody sends again. `timestamp`: soon its age. `dedupe-only`: the id of its event,
 * which is signed. `none`: nothing, since the id can be changed, so that the copy passes for a new event.
 */
export type ReplayProtection = 'timestamp' | 'dedupe-only' | 'none'

/** Asks whether a delivery that is sent again can only bring the event that it brought: all that its id is made of is signed. */
export function keepsItsId(scheme: Scheme): boolean {
  const { id, thin = false } = scheme.event
  // Without an id the event is known by its bytes, or by nothing.
  if (id === undefined) return !thin && signsBytes(scheme)
  return id.split(' + ').every((place) => isSigned(place, scheme))
}

function isSigned(place: string, scheme: Scheme): boolean {
  const names = namer(scheme)
  if (place.startsWith('/')) return signsBytes(scheme) || isMemberSigned(place, scheme)
  const [, kind = '', name = ''] = /^([^:]*):([^:]*)/.exec(place) ?? []
  switch (kind) {
    case 'header':
      return names(`{header:${name}}`) || (isSame(scheme.messageId, 'header', name) && names('{id}'))
    case 'query':
      return [`{query:${name}}`, '{url}', '{query_sorted}', '{params_sorted_amp}'].some(names)
    case 'form':
    case 'form-json':
      return signsBytes(scheme) || isFieldSigned(name, scheme)
    case 'jwt':
      return scheme.token !== undefined
    case 'xml': {
      const { contentPattern } = scheme
      return signsBytes(scheme) || (contentPattern !== undefined && isFieldSigned(contentPattern.field, scheme))
    }
    default:
      return false
  }
}

function isSame(carrier: Scheme['messageId'], where: string, name: string): boolean {
  return carrier?.in === where && carrier.name.toLowerCase() === name.toLowerCase()
}

/** Every byte of the body, by itself or by a digest that each delivery must have. */
function signsBytes({ signedContent, bodyForm, token }: Scheme): boolean {
  if (signedContent === null || token?.bodyClaim?.required === false) return false
  return bodyForm === 'raw' || bodyForm === 'hashed'
}

function isMemberSigned(pointer: string, scheme: Scheme): boolean {
  const { bodyForm, items = '', signedFields } = scheme
  if (bodyForm === 'reserialized') return true
  const own = pointer.startsWith(`${items}/`) ? pointer.slice(items.length) : pointer
  const names = namer(scheme)
  if (names(`{json:${own}}`)) return true
  const lists = Object.values(signedFields?.of ?? {})
  return names('{fields_lines}') && lists.every((members) => members.includes(own.slice(1)))
}

function isFieldSigned(name: string, scheme: Scheme): boolean {
  return [`{form:${name}}`, '{form_sorted_concat}', '{params_sorted_amp}'].some(namer(scheme))
}

/** Makes the function that says whether a placeholder is in all that may be signed. */
function namer({ signedContent, verifyAlternatives = [], signature }: Scheme): (placeholder: string) => boolean {
  const chosen = Object.values(signature.algorithms?.of ?? {}).map((each) => each.signedContent ?? signedContent)
  const templates = [signedContent, ...verifyAlternatives, ...chosen].map((text) => (text ?? '').toLowerCase())
  return (placeholder) => templates.every((template) => template.includes(placeholder.toLowerCase()))
}
