import { type Clock } from '../core/clock.ts'

/** Settles as `work` does, or rejects with what `late` makes once `ms` have passed. The work itself goes on. */
export function within<Result>(clock: Clock, ms: number, work: Promise<Result>, late: () => Error): Promise<Result> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => reject(late()))
    work.then(
      (result) => {
        cancel()
        resolve(result)
      },
      (error: unknown) => {
        cancel()
        reject(error)
      },
    )
  })
}
