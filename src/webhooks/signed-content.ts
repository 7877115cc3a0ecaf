import { GoodfenceError } from '../core/errors.ts'
import { type Content } from './schemes/scheme-kind.ts'

/** What a template's placeholders stand for in one delivery. */
export interface ContentValues {
  readonly body: Uint8Array
  /** The timestamp as it is carried. */
  readonly ts: string
  readonly method: string
  /** The address as the provider called it. */
  readonly url: string
  header(name: string): string | undefined
  config(name: string): string | undefined
}

type Part = string | ((values: ContentValues) => string | Uint8Array | undefined)

/**
 * Compiles the template of what is signed. The function answers `undefined` when a value is missing.
 * Throws `usage` for a placeholder that it does not know.
 */
export function signedContent(template: string): (values: ContentValues) => Content | undefined {
  const parts = template
    .split(/(\{[^}]*\})/)
    .filter((part) => part !== '')
    .map(partOf)
  return (values) => {
    const content: (string | Uint8Array)[] = []
    let text = ''
    for (const part of parts) {
      const value = typeof part === 'string' ? part : part(values)
      if (value === undefined) return undefined
      if (typeof value === 'string') {
        text += value
        continue
      }
      if (text !== '') content.push(text)
      text = ''
      content.push(value)
    }
    if (text !== '') content.push(text)
    return content
  }
}

function partOf(part: string): Part {
  const [, name, of] = /^\{(\w+)(?::(.*))?\}$/.exec(part) ?? []
  switch (name) {
    case undefined:
      return part
    case 'body':
      return (values) => values.body
    case 'ts':
      return (values) => values.ts
    case 'method':
      return (values) => values.method
    case 'url':
      return (values) => values.url
    case 'header':
      return (values) => values.header(of ?? '')
    case 'config':
      return (values) => values.config(of ?? '')
    default:
      throw new GoodfenceError('usage', `Signing does not know ${part}, which the scheme's signed content names.`, {
        mend: 'use a scheme of goodfence/providers',
      })
  }
}
