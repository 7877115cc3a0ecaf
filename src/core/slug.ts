/** A text as part of a URL or of a file name: lower case, words joined by hyphens. Empty where there are none. */
export function slug(text: string, maxLength: number): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, maxLength)
    .replace(/-$/, '')
}
