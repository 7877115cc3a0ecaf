import { type Collection, createCollection } from './collection.ts'

/** Everything a provider holds, by kind. */
export interface Store {
  of(kind: string): Collection
}

/** Makes an empty store. */
export function createStore(): Store {
  const kinds = new Map<string, Collection>()
  return {
    of(kind) {
      let collection = kinds.get(kind)
      if (collection === undefined) {
        collection = createCollection()
        kinds.set(kind, collection)
      }
      return collection
    },
  }
}
