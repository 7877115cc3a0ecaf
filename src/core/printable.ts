/** Controls, line and paragraph separators, and what turns the direction of writing around. */
// oxlint-disable-next-line eslint/no-control-regex -- those are what must not be printed
const unprintable = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

const maxLength = 200

/**
 * A stranger's text on one line: what a terminal or a log reader would obey is shown as `\u` and four digits, and
 * what is too long is cut.
 */
export function printable(text: string): string {
  const short = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text
  if (short.search(unprintable) < 0) return short // nearly always, at a fraction of the price
  return short.replace(unprintable, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
