/** The bytes that text stands for; `undefined` for what no encoder writes: junk, missing padding, spare bits. */
export function strictDecode(
  text: string,
  encoding: 'hex' | 'base64' | 'base64url',
  hexCase = 'any',
): Buffer | undefined {
  const bytes = Buffer.from(text, encoding)
  const written = encoding === 'hex' && hexCase === 'any' ? text.toLowerCase() : text
  return bytes.toString(encoding) === written ? bytes : undefined
}
