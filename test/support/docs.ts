import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../..')

/** One fenced block of the documentation. */
export interface Block {
  readonly file: string
  readonly line: number
  readonly language: string
  /** The words after the language, such as `run`. */
  readonly flags: readonly string[]
  readonly text: string
  /** The text block that follows at once, which a run must print. */
  readonly output: string | undefined
}

/** Every fenced block of the README and the guides, in order. */
export function docBlocks(): readonly Block[] {
  return [
    'README.md',
    'CONTRIBUTING.md',
    ...globSync('docs/**/*.md', { cwd: root }),
    ...globSync('examples/**/*.md', { cwd: root }),
  ].flatMap(blocksOf)
}

function blocksOf(file: string): Block[] {
  const text = readFileSync(join(root, file), 'utf8')
  const found = [...text.matchAll(/^```(\S*)([^\n]*)\n(.*?)^```$/gms)]
  return found.map((match, index) => {
    const next = found[index + 1]
    const between = next === undefined ? undefined : text.slice(match.index + match[0].length, next.index)
    const output = next?.[1] === 'text' && between?.trim() === '' ? next[3] : undefined
    return {
      file,
      line: text.slice(0, match.index).split('\n').length,
      language: match[1] ?? '',
      flags: (match[2] ?? '').trim().split(/\s+/).filter(Boolean),
      text: match[3] ?? '',
      output,
    }
  })
}
