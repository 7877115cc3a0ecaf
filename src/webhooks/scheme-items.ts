import { pointerSteps } from './parsed-body.ts'

/** The objects at a pointer in which `*` stands for each element; `undefined` where one of them is missing. */
export function itemsAt(data: unknown, pointer: string): readonly object[] | undefined {
  let found: unknown[] = [data]
  for (const step of pointerSteps(pointer)) {
    const next: unknown[] = []
    for (const each of found) {
      if (step === '*') {
        if (!Array.isArray(each)) return undefined
        next.push(...(each as unknown[]))
      } else if (typeof each === 'object' && each !== null && Object.hasOwn(each, step)) {
        next.push((each as Record<string, unknown>)[step])
      } else {
        return undefined
      }
    }
    found = next
  }
  const items = found.filter((each) => typeof each === 'object' && each !== null)
  return items.length === found.length ? items : undefined
}
