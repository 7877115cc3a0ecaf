/**
 * Text without what no report can hold: control characters (a terminal would obey them, XML forbids
 * them), halves of surrogate pairs, and marks that turn the direction of writing around.
 */
export function printable(text: string): string {
  return text.toWellFormed().replace(unprintable, '\ufffd')
}

const unprintable = /[[\p{Cc}--[\t\n\r]]\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gv

/** Printable text on one line. */
export function oneLine(text: string): string {
  return printable(text).replace(/\s*[\r\n\t\u2028\u2029]+\s*/gu, ' ')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Printable text made safe as content or as a quoted attribute of HTML, SVG and XML. */
export function escapeMarkup(text: string): string {
  return printable(text).replace(/[&<>"']/g, (char) => entities[char] as string)
}
