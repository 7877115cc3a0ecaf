import { type Form, type FormValue, repeatedName } from './form.ts'

/** The fields of a multipart body; files are their bytes as text. */
export type Multipart = { readonly form: Form } | { readonly syntaxError: string }

const maxParts = 1_000

/**
 * Reads `multipart/form-data` (RFC 7578) without streaming: text fields as text, files as text of
 * their bytes, a repeated name as a list.
 */
export function parseMultipart(bytes: Uint8Array, contentType: string): Multipart {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i.exec(contentType)
  if (boundary === null) return { syntaxError: 'The content type of the body lacks its boundary.' }
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const mark = `--${boundary[1] ?? boundary[2]}`
  const form: Form = {}
  let at = body.indexOf(mark)
  if (at < 0) return { syntaxError: 'The body does not contain its boundary.' }
  for (let parts = 0; ; parts++) {
    const start = at + mark.length
    if (body.toString('latin1', start, start + 2) === '--') return { form }
    const end = body.indexOf(`\r\n${mark}`, start)
    if (end < 0) return { syntaxError: 'The last part of the body is cut off.' }
    if (parts >= maxParts) return { syntaxError: `The body has more than ${maxParts} parts.` }
    const headersEnd = body.indexOf('\r\n\r\n', start)
    if (headersEnd < 0 || headersEnd > end) return { syntaxError: 'A part of the body has no headers.' }
    const headers = body.toString('utf8', start, headersEnd)
    const name = /^content-disposition:\s*form-data\b.*?;\s*name="((?:[^"\\]|\\.)*)"/im.exec(headers)?.[1]
    if (name === undefined) return { syntaxError: 'A part of the body has no name.' }
    const isFile = /^content-disposition:.*;\s*filename\*?=/im.test(headers)
    add(form, name.replaceAll(/%22|\\"/g, '"'), body.toString(isFile ? 'latin1' : 'utf8', headersEnd + 4, end))
    at = end + 2
  }
}

function add(form: Form, name: string, value: string): void {
  if (name === '__proto__') return
  const key = name.endsWith('[]') ? name.slice(0, -2) : name
  const known: FormValue | undefined = Object.hasOwn(form, key) ? form[key] : undefined
  if (known === undefined) form[key] = key === name ? value : [value]
  else if (Array.isArray(known)) known.push(value)
  else form[key] = repeatedName(known, value)
}
