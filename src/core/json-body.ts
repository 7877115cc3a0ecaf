/**
 * A body of JSON that is written when somebody asks for its text. Who reads it as JSON gets a copy of his own, exactly
 * what parsing the text would give, for a fraction of the price of writing and parsing.
 *
 * The value is JSON and nothing else, save that members may be undefined, and it must not change any more.
 */
export class JsonBody {
  readonly #value: object

  constructor(value: object) {
    this.#value = value
  }

  /** With two spaces of indentation. */
  get text(): string {
    return jsonText(this.#value)
  }

  /** What the text means, new for each caller. */
  read(): object {
    return copyOf(this.#value)
  }
}

const texts = new WeakMap<object, string>()

/**
 * An object as JSON with two spaces of indentation. Remembered for the object, which therefore must not
 * change afterwards.
 */
export function jsonText(value: object): string {
  let text = texts.get(value)
  if (text === undefined) {
    text = JSON.stringify(value, null, 2)
    texts.set(value, text)
  }
  return text
}

function copyOf(value: object): object {
  if (Array.isArray(value)) return value.map((item) => (isObject(item) ? copyOf(item) : (item ?? null)))
  // Spread first: it makes the copy in the shape of the original, which setting member by member does not.
  const copy: Record<string, unknown> = { ...value }
  for (const name in copy) {
    const member = copy[name]
    if (isObject(member)) copy[name] = copyOf(member)
    else if (member === undefined) delete copy[name]
  }
  return copy
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
