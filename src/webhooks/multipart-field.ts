/** Longest boundary that RFC 2046, section 5.1.1, allows. */
const maxBoundary = 70

/** The bytes of one field of a `multipart/form-data` body (RFC 7578); `undefined` where it does not stand there once. */
export function multipartField(body: Uint8Array, contentType: string, name: string): Uint8Array | undefined {
  const boundary = boundaryOf(contentType)
  if (boundary === undefined) return undefined
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1')
  const parts = `\r\n${text}`.split(`\r\n--${boundary}`).slice(1)
  const found = parts.map(partOf).filter((part) => part?.name === name)
  const [only, other] = found
  return only === undefined || other !== undefined ? undefined : Buffer.from(only.content, 'latin1')
}

/** Writes one field as a `multipart/form-data` body. The boundary is fixed, so that the same event gives the same bytes. */
export function writeMultipartField(name: string, content: Uint8Array): { contentType: string; body: Buffer } {
  const boundary = '----goodfence-8c4f0f9d3b7e4a61'
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`
  const body = Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${boundary}--\r\n`)])
  return { contentType: `multipart/form-data; boundary=${boundary}`, body }
}

function boundaryOf(contentType: string): string | undefined {
  const [, quoted, plain] = /^multipart\/form-data\s*;.*?\bboundary=(?:"([^"]*)"|([^\s;"]+))/i.exec(contentType) ?? []
  const boundary = quoted ?? plain
  return boundary === undefined || boundary === '' || boundary.length > maxBoundary ? undefined : boundary
}

function partOf(part: string): { name: string; content: string } | undefined {
  const head = part.indexOf('\r\n\r\n')
  if (!part.startsWith('\r\n') || head < 0) return undefined
  const [, name] = /^content-disposition:\s*form-data;.*?\bname="([^"]*)"/im.exec(part.slice(2, head)) ?? []
  return name === undefined ? undefined : { name, content: part.slice(head + 4) }
}
