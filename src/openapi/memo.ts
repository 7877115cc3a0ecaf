/** What texts were found to mean, for those that come again and again, as they do in thousands of runs of one scenario. */
export interface Memo<Meaning> {
  get(text: string): Meaning | undefined
  /** Keeps a meaning, frozen to the last member: all who ask share it. */
  keep(text: string, meaning: Meaning): void
}

/** Longer texts are read anew each time. */
export const maxMemoBytes = 2_048
const maxTexts = 200

/** Makes an empty memory that forgets everything when it is full. */
export function createMemo<Meaning>(): Memo<Meaning> {
  const meanings = new Map<string, Meaning>()
  return {
    get: (text) => meanings.get(text),
    keep(text, meaning) {
      if (text.length > maxMemoBytes) return
      if (meanings.size >= maxTexts) meanings.clear()
      meanings.set(text, frozen(meaning))
    },
  }
}

function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  for (const member of Object.values(value)) frozen(member)
  return Object.freeze(value)
}
