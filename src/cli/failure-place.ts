import { fileURLToPath, pathToFileURL } from 'node:url'

/** Where our own code lies, as stacks show it. */
const own = new URL('..', import.meta.url).href

/**
 * Where a file that was imported failed, as `, line 3` or, in a file that it imports, as `, /a/b.ts, line 3`; empty
 * where the error does not tell.
 */
export function failurePlace(error: unknown, file: string): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const places = [...stack.matchAll(/(file:\/\/[^\s()]+?):(\d+)/g)]
    .map(([, url = '', line = '']) => ({ url, line }))
    .filter(({ url }) => !url.startsWith(own) && !url.includes('/node_modules/'))
  const ours = pathToFileURL(file).href
  const place = places.find(({ url }) => url === ours) ?? places[0]
  if (place === undefined) return ''
  return place.url === ours ? `, line ${place.line}` : `, ${fileURLToPath(place.url)}, line ${place.line}`
}
