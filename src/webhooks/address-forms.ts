const defaultPorts: Readonly<Record<string, string>> = { http: '80', https: '443' }

/**
 * The forms in which one address may have been signed: as called, without a port, with the default one, and all of that
 * as a URL parser prints it. The order is that of likelihood, and each is made when it is asked for.
 */
export function* addressForms(url: string): Generator<string> {
  yield url
  const forms = new Set(portForms(url))
  if (URL.canParse(url)) for (const form of portForms(new URL(url).href)) forms.add(form)
  forms.delete(url)
  yield* forms
}

function portForms(url: string): string[] {
  const [, scheme = '', host = '', port, rest = ''] = /^(https?):\/\/([^/?#]*?)(?::(\d+))?([/?#].*)?$/i.exec(url) ?? []
  const usual = defaultPorts[scheme.toLowerCase()]
  if (usual === undefined) return [url]
  return [url, `${scheme}://${host}${port === undefined ? `:${usual}` : ''}${rest}`]
}
