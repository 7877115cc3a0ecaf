import { type Document } from './document.ts'
import { type Difference } from './schema-subset.ts'

/** Shorter texts are alike by chance. */
const minLength = 30

/** Finds descriptions of the slice that are the official document's own: a slice is written in words of its own. */
export function borrowedWords(slice: Document, official: Document): readonly Difference[] {
  const theirs = new Set([...textsOf(official)].map(({ text }) => text))
  return [...textsOf(slice)]
    .filter(({ text }) => text.length >= minLength && theirs.has(text))
    .map(({ at, text }) => ({ at, message: `has the official document's own words: ${text}` }))
}

function* textsOf(value: unknown, at = ''): Generator<{ at: string; text: string }> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, part] of Object.entries(value)) {
    const isText = typeof part === 'string' && (key === 'description' || key === 'summary')
    if (isText) yield { at: `${at}/${key}`, text: plain(part) }
    else yield* textsOf(part, `${at}/${key}`)
  }
}

/** Without markup, spacing, case and punctuation, which do not make words one's own. */
function plain(text: string): string {
  return text
    .replaceAll(/<[^>]*>|\]\([^)]*\)/g, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim()
}
