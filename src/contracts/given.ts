import { type Node } from '../openapi/model.ts'
import { type Place } from './objects.ts'
import { looksSecret } from './secrets.ts'

/** What must be true at the provider before an exchange; `params` tell whoever brings it about the details. */
export interface ProviderState {
  readonly name: string
  readonly params?: Node
}

/** What stands in the file where a secret was. */
export const redacted = 'redacted'

/**
 * Collects what one exchange needs at the provider. What is needed gets a name, by which whoever
 * brings it about may answer with another value: an id that the provider chose, a secret.
 */
export class Given {
  readonly states: ProviderState[] = []
  readonly #values = new Map<string, string>()

  /** Asks for an object. Says whether its id may be named; two objects of one kind cannot be told apart by name. */
  object({ template, params }: Place): boolean {
    const entries = Object.entries(params)
    if (entries.some(([name, id]) => (this.#values.get(name) ?? id) !== id)) return false
    for (const [name, id] of entries) this.#values.set(name, id)
    const shown = entries.map(([name, id]) => [name, looksSecret(id) ? redacted : id])
    this.#add({ name: `${template} exists`, params: Object.fromEntries(shown) })
    return true
  }

  /** Asks for a value that is not in the file, and says under which name. */
  secret(field: string): string {
    const as = field
      .split(/[^\w]+/)
      .filter(Boolean)
      .join('_')
    this.#add({ name: `a value for ${field} is given`, params: { as } })
    return as
  }

  #add(state: ProviderState): void {
    if (!this.states.some(({ name }) => name === state.name)) this.states.push(state)
  }
}

/** Pact's instruction to take a value from what the provider's state was answered with. */
export function fromState(expression: string): Node {
  return { type: 'ProviderState', expression, dataType: 'STRING' }
}
