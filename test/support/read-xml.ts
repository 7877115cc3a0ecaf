/** An element of an XML document. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Element[]
  /** The text directly in it. */
  readonly text: string
}

const attribute = String.raw`\s+[\w:.-]+="(?:[^<&"]|&(?:lt|gt|amp|quot|apos|#\d+|#x[\da-f]+);)*"`
const token = new RegExp(
  String.raw`<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([\w:.-]+)((?:${attribute})*)\s*(\/?)>|((?:[^<&]|&(?:lt|gt|amp|quot|apos|#\d+|#x[\da-f]+);)+)`,
  'gy',
)
const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** Reads an XML document without comments and document types, and throws where it is not well-formed (XML 1.0 section 2.1). */
export function readXml(xml: string): Element {
  const forbidden = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.exec(xml)
  if (forbidden !== null) throw new Error(`A character that XML does not allow stands at ${forbidden.index}.`)
  const root = { name: '', attributes: {}, children: [] as Element[], text: '' }
  const open = [root]
  token.lastIndex = /^<\?xml[^?]*\?>/.exec(xml)?.[0].length ?? 0
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex
    const match = token.exec(xml)
    const parent = open.at(-1)
    if (match === null || parent === undefined) throw new Error(`Not well-formed at ${at}: ${xml.slice(at, at + 60)}`)
    const [, cdata, closing, name = '', written = '', empty, text] = match
    if (cdata !== undefined || text !== undefined) parent.text += cdata ?? decoded(text ?? '')
    else if (closing === '/') {
      if (parent.name !== name) throw new Error(`</${name}> at ${at} closes <${parent.name}>.`)
      open.pop()
    } else {
      const element = { name, attributes: attributesOf(written), children: [], text: '' }
      parent.children.push(element)
      if (empty !== '/') open.push(element)
    }
  }
  const [first] = root.children
  if (open.length !== 1 || first === undefined || root.children.length > 1 || root.text.trim() !== '')
    throw new Error('A document is one element, closed.')
  return first
}

/** Every element of this name, however deep. */
export function elements(within: Element, name: string): readonly Element[] {
  return within.children.flatMap((child) => [...(child.name === name ? [child] : []), ...elements(child, name)])
}

function attributesOf(written: string): Record<string, string> {
  const pairs = [...written.matchAll(/([\w:.-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
    name,
    decoded(value),
  ])
  const attributes = Object.fromEntries(pairs) as Record<string, string>
  if (Object.keys(attributes).length < pairs.length) throw new Error(`An attribute stands twice in ${written}.`)
  return attributes
}

function decoded(text: string): string {
  return text.replace(/&(#x?)?(\w+);/g, (_, number: string | undefined, word: string) =>
    number === undefined ? (entities[word] ?? '') : String.fromCodePoint(parseInt(word, number === '#x' ? 16 : 10)),
  )
}
