import { hash } from 'node:crypto'
import { isKeepable } from './envelope.ts'

/** A name longer than this would not fit into a database's index. */
const maxLength = 512

/** The name of a lane or marker as every store can keep it: the same for the same text. */
export function keepableName(text: string): string {
  if (isKeepable(text, maxLength)) return text
  // As JSON it holds neither NUL nor half characters.
  const json = JSON.stringify(text)
  return json.length <= maxLength ? json : `sha256:${hash('sha256', json)}`
}
