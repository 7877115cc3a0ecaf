/** Tags of DER (X.690) that lie on the way to the extensions of a certificate (RFC 5280, section 4.1). */
const sequence = 0x30
const objectId = 0x06
const extensions = 0xa3

interface Element {
  readonly tag: number
  readonly start: number
  readonly end: number
}

/** Asks whether a certificate in DER has an extension, by the extension's id in dotted numbers. */
export function hasExtension(certificate: Uint8Array, oid: string): boolean {
  const wanted = Buffer.from(encodedOid(oid))
  const outer = elementsOf(certificate, 0, certificate.length)[0]
  const inner = outer?.tag === sequence ? elementsOf(certificate, outer.start, outer.end)[0] : undefined
  const list =
    inner === undefined
      ? undefined
      : elementsOf(certificate, inner.start, inner.end).find(({ tag }) => tag === extensions)
  const all = list === undefined ? undefined : elementsOf(certificate, list.start, list.end)[0]
  return (all === undefined ? [] : elementsOf(certificate, all.start, all.end)).some((extension) => {
    const id = elementsOf(certificate, extension.start, extension.end)[0]
    return id?.tag === objectId && wanted.equals(certificate.subarray(id.start, id.end))
  })
}

/** The elements that stand one after the other in a stretch of DER; none where they do not fill it. */
function elementsOf(der: Uint8Array, from: number, until: number): Element[] {
  const found: Element[] = []
  let at = from
  while (at + 2 <= until) {
    const tag = der[at] as number
    let length = der[at + 1] as number
    let start = at + 2
    if (length > 0x80) {
      const bytes = length - 0x80
      if (bytes > 4 || start + bytes > until) return []
      length = 0
      for (let index = 0; index < bytes; index++) length = length * 256 + (der[start + index] as number)
      start += bytes
    }
    if (start + length > until) return []
    found.push({ tag, start, end: start + length })
    at = start + length
  }
  return found
}

function encodedOid(oid: string): number[] {
  const [first = 0, second = 0, ...rest] = oid.split('.').map(Number)
  return [first * 40 + second, ...rest].flatMap((part) => {
    const bytes = [part % 128]
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128)) bytes.unshift(128 + (left % 128))
    return bytes
  })
}
