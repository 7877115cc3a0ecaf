/** An object of the provider. Never changed in place: a change is a new object under the same id. */
export interface Resource {
  readonly id: string
  readonly [field: string]: unknown
}

/** The objects of one kind, in the order in which they were made. */
export interface Collection<T extends Resource = Resource> {
  get(id: string): T | undefined
  /** Adds an object, or replaces the one with its id and keeps its place. */
  put(object: T): void
  delete(id: string): boolean
  /** Where an object stands: later ones stand higher. */
  placeOf(id: string): number | undefined
  /** Objects from a place on, the newest first; with `forward`, the oldest first. The place itself is left out. */
  walk(from: number | undefined, forward?: boolean): Iterable<T>
  all(): readonly T[]
}

/** Makes an empty collection. */
export function createCollection<T extends Resource>(): Collection<T> {
  const places = new Map<string, number>()
  const objects: (T | undefined)[] = []
  return {
    get(id) {
      const place = places.get(id)
      return place === undefined ? undefined : objects[place]
    },
    put(object) {
      const place = places.get(object.id)
      if (place !== undefined) return void (objects[place] = object)
      places.set(object.id, objects.push(object) - 1)
    },
    delete(id) {
      const place = places.get(id)
      if (place === undefined) return false
      places.delete(id)
      objects[place] = undefined // places of the others must not move: cursors stand on them
      return true
    },
    placeOf: (id) => places.get(id),
    *walk(from, forward = false) {
      const step = forward ? 1 : -1
      const start = from === undefined ? (forward ? 0 : objects.length - 1) : from + step
      for (let place = start; place >= 0 && place < objects.length; place += step) {
        const object = objects[place]
        if (object !== undefined) yield object
      }
    },
    all: () => objects.filter((object) => object !== undefined),
  }
}
