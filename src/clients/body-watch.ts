import { lightBodyOf } from '../core/light.ts'

/**
 * Notices how the body of an answer ends, without reading it and without a second Response.
 *
 * A slot or a time limit covers the body too, so somebody must learn of its end. Wrapping it in a new
 * Response costs some 30 us, so the answer itself is given a prototype between it and its own,
 * whose readers report; to everyone else it stays the very object that the transport made.
 */
export interface BodyWatcher {
  /** Called once: the body was read to its end, was cancelled, or broke off. */
  bodyEnded(): void
}

const watches = new WeakMap<Response, BodyWatch>()

/** Tells `watcher` when the body of `response` has ended; at once where there is none or it is in memory. */
export function watchBody(response: Response, watcher: BodyWatcher): void {
  let watch = watches.get(response)
  if (watch === undefined) {
    if (lightBodyOf(response) !== undefined || response.body === null) return watcher.bodyEnded()
    const original = Object.getPrototypeOf(response) as Response
    watch = new BodyWatch(original)
    watches.set(response, watch)
    Object.setPrototypeOf(response, watchedPrototype(original))
  }
  watch.add(watcher)
}

/** Ends a watched body early: whoever reads it, now or later, is told `reason`, whatever the transport does. */
export function failBody(response: Response, reason: unknown): void {
  watches.get(response)?.fail(reason)
}

class BodyWatch {
  readonly original: Response
  stream: ReadableStream<Uint8Array> | undefined
  #watchers: BodyWatcher[] = []
  #ended = false
  #failed: { readonly reason: unknown } | undefined
  #interrupt: ((reason: unknown) => void) | undefined

  constructor(original: Response) {
    this.original = original
  }

  add(watcher: BodyWatcher): void {
    if (this.#ended) watcher.bodyEnded()
    else this.#watchers.push(watcher)
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#interrupt = undefined
    for (const watcher of this.#watchers) watcher.bodyEnded()
  }

  fail(reason: unknown): void {
    if (this.#ended) return
    this.#failed = { reason }
    this.#interrupt?.(reason)
    this.end()
  }

  bodyOf(response: Response): ReadableStream<Uint8Array> | null {
    return Reflect.get(this.original, 'body', response) as ReadableStream<Uint8Array> | null
  }

  /** What a reader such as `text()` gives, and the body's end with it. */
  read<T>(work: () => Promise<T>): Promise<T> {
    if (this.#failed) return Promise.reject(this.#failed.reason)
    return new Promise((resolve, reject) => {
      const interruptStream = this.#interrupt // of a stream that somebody asked for and may not read
      this.#interrupt = (reason) => {
        reject(reason)
        interruptStream?.(reason)
      }
      work().then(
        (value) => (resolve(value), this.end()),
        (error) => (reject(error), this.end()),
      )
    })
  }

  /** The body as a stream that reports its end. */
  watched(response: Response): ReadableStream<Uint8Array> | null {
    const body = this.bodyOf(response)
    if (this.#ended || body === null) return this.stream ?? body
    if (this.stream !== undefined || body.locked) return this.stream ?? body
    let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#interrupt = (reason) => {
            controller.error(reason)
            if (reader === undefined) body.cancel(reason).catch(() => {})
            else reader.cancel(reason).catch(() => {})
          }
        },
        pull: async (controller) => {
          reader ??= body.getReader()
          try {
            const { done, value } = await reader.read()
            if (this.#failed) return
            if (!done) return controller.enqueue(value)
            controller.close()
          } catch (error) {
            controller.error(error)
          }
          this.end()
        },
        cancel: (reason) => {
          this.end()
          return reader === undefined ? body.cancel(reason) : reader.cancel(reason)
        },
      },
      { highWaterMark: 0 }, // nothing is read before somebody asks
    )
    return this.stream
  }
}

const readers = ['text', 'json', 'arrayBuffer', 'bytes', 'blob', 'formData'] as const
const prototypes = new WeakMap<object, object>()

function watchedPrototype(original: Response): object {
  let prototype = prototypes.get(original)
  if (prototype === undefined) {
    prototype = Object.create(original) as object
    for (const reader of readers) {
      const read: () => Promise<unknown> = original[reader]
      Object.defineProperty(prototype, reader, {
        configurable: true,
        writable: true,
        value(this: Response) {
          const watch = watches.get(this)
          return watch === undefined ? read.call(this) : watch.read(() => read.call(this))
        },
      })
    }
    Object.defineProperty(prototype, 'body', {
      configurable: true,
      get(this: Response) {
        return watches.get(this)?.watched(this) ?? null
      },
    })
    prototypes.set(original, prototype)
  }
  return prototype
}
