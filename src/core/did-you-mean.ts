/**
 * The end of an error message about an unknown name: the nearest known one when it is near, else all of them.
 *
 * @example
 * `Unknown fault kind "lost-replay".${didYouMean('lost-replay', kinds)}`
 */
export function didYouMean(name: string, known: readonly string[]): string {
  const nearest = nearestOf(name, known)
  if (nearest === undefined) return ''
  if (nearest.edits <= Math.max(1, Math.floor(name.length / 3))) return ` Did you mean "${nearest.known}"?`
  return ` Known: ${known.join(', ')}.`
}

/** The known name that takes the fewest edits of letters, and how many; none where none is known. */
export function nearestOf(name: string, known: readonly string[]): { known: string; edits: number } | undefined {
  return known
    .map((candidate) => ({ known: candidate, edits: distance(name, candidate) }))
    .sort((a, b) => a.edits - b.edits)[0]
}

/** Levenshtein's distance, over names of at most a hundred characters. */
function distance(a: string, b: string): number {
  const from = a.slice(0, 100)
  const to = b.slice(0, 100)
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
