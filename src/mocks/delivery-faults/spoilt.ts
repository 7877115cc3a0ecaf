import { type Signed } from '../../webhooks/delivery.ts'
import { isObject, readJson, writeJson } from './json-body.ts'

/** Makes something else of a value that signing added; `undefined`: it is not there. */
type Spoil = (value: string) => string | undefined

/** What was signed with everything spoilt that signing added to it: headers, parameters of the address, members, fields. */
export function spoilt(plain: Signed, signed: Signed, spoil: Spoil): Signed {
  return {
    headers: spoiltNames(plain.headers, signed.headers, spoil),
    body: spoiltBody(plain, signed, spoil),
    url: spoiltUrl(plain, signed, spoil),
  }
}

function spoiltNames(plain: Signed['headers'], signed: Signed['headers'], spoil: Spoil): Record<string, string> {
  const entries = Object.entries(signed).flatMap(([name, value]): [string, string][] => {
    if (plain[name] === value) return [[name, value]]
    const instead = spoil(value)
    return instead === undefined ? [] : [[name, instead]]
  })
  return Object.fromEntries(entries)
}

function spoiltUrl(plain: Signed, signed: Signed, spoil: Spoil): string {
  if (signed.url === plain.url) return signed.url
  const url = new URL(signed.url)
  url.search = spoiltFields(new URL(plain.url).searchParams, url.searchParams, spoil)
  return url.href
}

function spoiltBody(plain: Signed, signed: Signed, spoil: Spoil): Signed['body'] {
  if (Buffer.from(signed.body).equals(plain.body)) return signed.body
  const json = readJson(signed.body)
  if (json !== undefined) return writeJson(spoiltMembers(readJson(plain.body), json, spoil))
  const text = new TextDecoder().decode(signed.body)
  if (!/^[^\s=&<>]+=/.test(text)) return plain.body
  const before = new URLSearchParams(new TextDecoder().decode(plain.body))
  return new TextEncoder().encode(spoiltFields(before, new URLSearchParams(text), spoil))
}

function spoiltFields(plain: URLSearchParams, signed: URLSearchParams, spoil: Spoil): string {
  const names = spoiltNames(Object.fromEntries(plain), Object.fromEntries(signed), spoil)
  return new URLSearchParams(names).toString()
}

function spoiltMembers(plain: unknown, signed: unknown, spoil: Spoil): unknown {
  if (typeof signed === 'string') return signed === plain ? signed : spoil(signed)
  if (Array.isArray(signed))
    return signed.map((item, at) => spoiltMembers(Array.isArray(plain) ? plain[at] : undefined, item, spoil))
  if (!isObject(signed)) return signed
  const before = isObject(plain) ? plain : {}
  return Object.fromEntries(
    Object.entries(signed).map(([name, value]) => [name, spoiltMembers(before[name], value, spoil)]),
  )
}
