/** More secrets than anyone rotates through; beyond it the oldest is forgotten, not refused. */
const maxKept = 64

/** Remembers what texts were made into: preparing a key costs several times the digest of a small body. */
export function keptKeys<Key>(make: (text: string) => Key): (text: string) => Key {
  const kept = new Map<string, Key>()
  return (text) => {
    const known = kept.get(text)
    if (known !== undefined) return known
    const key = make(text)
    if (kept.size >= maxKept) kept.delete(kept.keys().next().value as string)
    kept.set(text, key)
    return key
  }
}
