import { didYouMean } from '../core/did-you-mean.ts'

/** What is wrong with a workload, and where: a JSON pointer below it. */
export interface WorkloadFault {
  readonly pointer: string
  readonly problem: string
}

type Fields = Readonly<Record<string, unknown>>

/** The first thing that keeps a value from being a workload; `undefined` for a good one. */
export function faultOfWorkload(value: unknown): WorkloadFault | undefined {
  if (!Array.isArray(value)) return { pointer: '', problem: 'is not a list' }
  for (const [index, step] of value.entries()) {
    const fault = isObject(step) ? faultOfStep(step) : { pointer: '', problem: 'is not an object' }
    if (fault !== undefined) return { ...fault, pointer: `/${index}${fault.pointer}` }
  }
  return undefined
}

function faultOfStep(step: Fields): WorkloadFault | undefined {
  const { atMs } = step
  if (atMs !== undefined && !(Number.isFinite(atMs) && (atMs as number) >= 0))
    return { pointer: '/atMs', problem: 'is not a number of at least 0' }
  const stranger = strangerIn(step, fieldsOf[step['do'] as keyof typeof fieldsOf] ?? Object.keys(step))
  if (stranger !== undefined) return stranger
  switch (step['do']) {
    case 'pay':
      return isObject(step['order']) ? faultOfOrder(step['order']) : { pointer: '/order', problem: 'is not an object' }
    case 'refund':
      return noText(step, ['order'])
    case 'complete-action': {
      const { how } = step
      if (how !== 'succeed' && how !== 'fail') return { pointer: '/how', problem: 'is neither "succeed" nor "fail"' }
      return noText(step, ['order'])
    }
    case 'send-event':
      return isObject(step['object']) ? noText(step, ['type']) : { pointer: '/object', problem: 'is not an object' }
    default:
      return { pointer: '/do', problem: `is ${JSON.stringify(step['do'])}, which is no step of a workload` }
  }
}

const fieldsOf = {
  pay: ['do', 'atMs', 'order'],
  refund: ['do', 'atMs', 'order'],
  'complete-action': ['do', 'atMs', 'order', 'how'],
  'send-event': ['do', 'atMs', 'type', 'object'],
}

function strangerIn(fields: Fields, known: readonly string[], below = ''): WorkloadFault | undefined {
  const name = Object.keys(fields).find((each) => !known.includes(each))
  if (name === undefined) return undefined
  return { pointer: `${below}/${name}`, problem: `is no field of it.${didYouMean(name, known)}` }
}

function faultOfOrder(order: Fields): WorkloadFault | undefined {
  const fault =
    noText(order, ['id', 'currency', 'card'], '/order') ??
    strangerIn(order, ['id', 'amount', 'currency', 'card'], '/order')
  if (fault !== undefined || Number.isSafeInteger(order['amount'])) return fault
  return { pointer: '/order/amount', problem: 'is not a whole number' }
}

function noText(fields: Fields, names: readonly string[], below = ''): WorkloadFault | undefined {
  const name = names.find((each) => typeof fields[each] !== 'string' || fields[each] === '')
  return name === undefined ? undefined : { pointer: `${below}/${name}`, problem: 'is not a text' }
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
