import { isGoodfenceError } from '../core/errors.ts'
import { type FaultPlan, readPlan } from '../mocks/plan.ts'

/** Whether a plan is one that can be written down and read again: some fields only go with others. */
export function isPlan(plan: FaultPlan): boolean {
  try {
    readPlan(plan, 'drawn')
    return true
  } catch (error) {
    if (isGoodfenceError(error, 'plan_invalid')) return false
    throw error
  }
}
