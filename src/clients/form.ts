/**
 * Writes nested data as form fields with brackets: `a[b]=1`, `list[0]=x`. What is undefined is left out, and null is
 * an empty value, by which providers such as Stripe unset a field.
 */
export function formBody(value: object): string {
  const fields: string[] = []
  for (const [name, member] of Object.entries(value)) write(fields, encoded(name), member)
  return fields.join('&')
}

function write(fields: string[], name: string, value: unknown): void {
  if (value === undefined) return
  if (typeof value === 'object' && value !== null) {
    // An index for each member, also of lists: objects in a list would run into each other without.
    for (const [key, member] of Object.entries(value)) write(fields, `${name}[${encoded(key)}]`, member)
  } else fields.push(`${name}=${encoded(`${(value ?? '') as string | number | boolean}`)}`)
}

/** Most names and values stand for themselves, and looking costs a third of encoding. */
function encoded(text: string): string {
  return /^[\w.-]*$/.test(text) ? text : encodeURIComponent(text)
}
