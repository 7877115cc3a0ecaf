const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** JSON text with what is not ASCII as `\uXXXX` and each slash behind a backslash; `undefined` for what is not UTF-8. */
export function escapedJson(json: Uint8Array): string | undefined {
  try {
    return decoder.decode(json).replaceAll(/[\u0080-\uffff]|\//g, (character) => {
      return character === '/' ? String.raw`\/` : String.raw`\u` + character.charCodeAt(0).toString(16).padStart(4, '0')
    })
  } catch {
    return undefined
  }
}
