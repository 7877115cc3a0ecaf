const defaultPorts: Readonly<Record<string, string>> = { http: '80', https: '443' }

/** The forms in which one address may have been signed: as called, with or without its default port, and as parsed. */
export function addressForms(url: string): readonly string[] {
  const [, scheme = '', host = '', port, rest = ''] = /^(https?):\/\/([^/?#]*?)(?::(\d+))?([/?#].*)?$/i.exec(url) ?? []
  const usual = defaultPorts[scheme.toLowerCase()]
  const forms = [url]
  if (usual !== undefined && port === undefined) forms.push(`${scheme}://${host}:${usual}${rest}`)
  if (usual !== undefined && port === usual) forms.push(`${scheme}://${host}${rest}`)
  if (URL.canParse(url)) forms.push(new URL(url).href)
  return [...new Set(forms)]
}
