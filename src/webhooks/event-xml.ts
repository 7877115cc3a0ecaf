/** Longer than any message that a provider sends. */
const maxLength = 1_048_576

/**
 * The text of the first element of a name, or of its attribute, in XML: `/notification/kind`, `//sObject/@type`. Names
 * are taken without their prefix, and no element above the last two is looked at, which is enough to find an event's id.
 */
export function xmlText(xml: string, path: string): string | undefined {
  if (xml.length > maxLength) return undefined
  const names = path.split('/').filter((name) => /^@?\w+$/.test(name))
  const last = names.at(-1)
  if (last === undefined) return undefined
  if (last.startsWith('@')) {
    const start = new RegExp(String.raw`<(?:[\w-]+:)?${names.at(-2)}(\s[^<>]*)?>`).exec(xml)?.[1] ?? ''
    return decoded(new RegExp(String.raw`\s(?:[\w-]+:)?${last.slice(1)}\s*=\s*"([^"<]*)"`).exec(start)?.[1])
  }
  const parent = names.at(-2)
  const from = parent === undefined ? 0 : xml.search(new RegExp(String.raw`<(?:[\w-]+:)?${parent}[\s>]`))
  if (from < 0) return undefined
  return decoded(new RegExp(String.raw`<(?:[\w-]+:)?${last}(?:\s[^<>]*)?>([^<]*)</`).exec(xml.slice(from))?.[1])?.trim()
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function decoded(text: string | undefined): string | undefined {
  return text?.replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => entities[name] ?? '')
}
