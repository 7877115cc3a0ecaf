import { GoodfenceError } from '../core/errors.ts'
import { isDeliveryFault } from '../mocks/fault-kinds.ts'
import { type FaultRule, readPlan } from '../mocks/plan.ts'

/**
 * What goes wrong, of `KIND` or `KIND:JSON`. What would take an hour takes a second, where nobody said how long. Throws
 * `usage` or `plan_invalid`.
 */
export function faultRules(fault: string | undefined, copies: number | undefined): FaultRule[] {
  const rules: FaultRule[] = copies === undefined || copies < 2 ? [] : [{ fault: { kind: 'duplicate', copies } }]
  if (fault === undefined) return rules
  const [, kind = '', json] = /^([^:]*)(?::(.*))?$/s.exec(fault) ?? []
  if (kind === 'duplicate' && copies !== undefined) {
    throw usage('Both --copies and --fault duplicate say how many arrive. Give one of them.', 'leave one out')
  }
  const fields = { ...(Object.hasOwn(quick, kind) ? quick[kind] : {}), ...(json === undefined ? {} : fieldsOf(json)) }
  if (Object.values(fields).some((field) => typeof field === 'string' && !/^[\u0020-\u007e]*$/.test(field))) {
    throw usage('--fault has a text with characters that no header can have.', 'keep to visible ASCII')
  }
  const on = kind === 'reorder' ? { on: { nth: [1] } } : {}
  const plan = readPlan({ faults: [{ ...on, fault: { kind, ...fields } }] }, '--fault')
  const [rule] = plan.faults
  if (rule === undefined || !isDeliveryFault(rule.fault)) {
    throw usage(
      `--fault cannot be "${kind}", which strikes API calls. Give one that strikes deliveries, such as duplicate.`,
      '--fault duplicate',
    )
  }
  return [...rules, rule]
}

/** What the faults are where nobody said how long: a second, so that nobody waits for an hour. */
const quick: Readonly<Record<string, object>> = {
  replay: { afterMs: 1_000 },
  burst: { everyMs: 1_000 },
  delay: { delayMs: 1_000 },
}

function fieldsOf(json: string): object {
  try {
    const fields: unknown = JSON.parse(json)
    if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) return fields
  } catch {
    // told below
  }
  throw usage(`--fault needs JSON behind the colon, such as duplicate:{"copies":3}, not "${json}".`, 'quote the option')
}

function usage(message: string, mend: string): GoodfenceError<'usage'> {
  return new GoodfenceError('usage', message, { mend })
}
