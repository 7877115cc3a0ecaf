import { type Node, isNode, wordOf } from './model.ts'

/** The document's base URLs, their variables filled with the defaults. */
export function serverUrlsOf(raw: Node): string[] {
  return urlsIn(raw)
}

/** The paths of all base URLs, also of single paths, without a slash at the end; the longest first. */
export function basePathsOf(raw: Node): string[] {
  const urls = urlsIn(raw)
  if (isNode(raw['paths']))
    for (const item of Object.values(raw['paths'])) if (isNode(item) && 'servers' in item) urls.push(...urlsIn(item))
  const paths = new Set<string>()
  for (const url of urls) {
    if (!URL.canParse(url, 'http://host')) continue
    const path = new URL(url, 'http://host').pathname.replace(/\/+$/, '')
    if (path !== '') paths.add(path)
  }
  return [...paths].sort((a, b) => b.length - a.length)
}

function urlsIn(holder: Node): string[] {
  const { servers } = holder
  if (!Array.isArray(servers)) return []
  return servers.filter(isNode).map((server) => {
    const variables = isNode(server['variables']) ? server['variables'] : {}
    return wordOf(server['url'], '/').replaceAll(/\{([^{}]*)\}/g, (placeholder, name: string) => {
      const variable = variables[name]
      return isNode(variable) ? wordOf(variable['default'], placeholder) : placeholder
    })
  })
}
