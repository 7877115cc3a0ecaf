const texts = new WeakMap<object, string>()

/**
 * An object as JSON with two spaces of indentation. Remembered for the object, which therefore must not
 * change afterwards.
 */
export function jsonText(value: object): string {
  let text = texts.get(value)
  if (text === undefined) {
    text = JSON.stringify(value, null, 2)
    texts.set(value, text)
  }
  return text
}
