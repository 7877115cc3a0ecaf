import { type Collection, type Resource, createCollection } from './collection.ts'

/** Everything a provider holds, by kind. */
export interface Store {
  of<T extends Resource = Resource>(kind: string): Collection<T>
}

/** Makes an empty store. */
export function createStore(): Store {
  const kinds = new Map<string, Collection>()
  return {
    of<T extends Resource>(kind: string) {
      let collection = kinds.get(kind)
      if (collection === undefined) {
        collection = createCollection()
        kinds.set(kind, collection)
      }
      return collection as Collection as Collection<T>
    },
  }
}
