import { type Problem } from '../../../openapi/model.ts'
import { type Refusal } from '../../refusal.ts'
import { stripeRefusal } from './error.ts'
import { shown } from './parameters.ts'

/** Puts the first thing that the document does not allow into Stripe's words. */
export function invalid(problems: readonly Problem[], undeclared: readonly string[]): Refusal | undefined {
  const [unknown] = undeclared
  if (unknown !== undefined) return refusalFor(unknownParameter(unknown))
  const [problem] = problems.filter((each) => !isAccepted(each)).toSorted((a, b) => rank(a) - rank(b))
  if (problem === undefined) return undefined
  return refusalFor(worded(problem))
}

/** Stripe takes card details here, although its document does not say so. What type it is, the handler looks at. */
function isAccepted({ keyword, name }: Problem): boolean {
  if (keyword === 'additionalProperties') return name === 'payment_method_data[card]'
  return keyword === 'enum' && name === 'payment_method_data[type]'
}

function refusalFor({ code, message, param }: Words): Refusal {
  const fields = param === '' ? {} : { param }
  return { ...stripeRefusal(400, 'invalid_request_error', code, message, fields), unexecuted: true }
}

/** Stripe names an unknown parameter before one that is missing, and both before a wrong value. */
function rank({ keyword }: Problem): number {
  return keyword === 'additionalProperties' ? 0 : keyword === 'required' ? 1 : 2
}

interface Words {
  readonly code: string | undefined
  readonly message: string
  readonly param: string
}

function worded({ keyword, name, params, message }: Problem): Words {
  switch (keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return unknownParameter(name)
    case 'required':
      return { code: 'parameter_missing', message: `Missing required param: ${name}.`, param: name }
    case 'enum': {
      const values = Array.isArray(params['allowedValues'])
        ? params['allowedValues'].filter((value) => value !== '')
        : []
      const list = values.slice(0, 40).map(shown).join(', ')
      return { code: undefined, message: `Invalid ${name}: must be one of ${list}`, param: name }
    }
    case 'maxLength':
      return {
        code: undefined,
        message: `Invalid string: it has more than the ${String(params['limit'])} characters allowed for ${name}.`,
        param: name,
      }
    case 'type':
      if (params['type'] === 'integer')
        return { code: 'parameter_invalid_integer', message: `Invalid integer in ${name}.`, param: name }
      return { code: undefined, message: `Invalid ${String(params['type'])} in ${name}.`, param: name }
    default:
      return {
        code: undefined,
        message: `Invalid ${name === '' ? 'request' : name}: ${message.replace(/\.$/, '')}.`, // some are sentences
        param: name,
      }
  }
}

function unknownParameter(name: string): Words {
  return {
    code: 'parameter_unknown',
    message: `Received unknown parameter: ${name.slice(0, 100)}`,
    param: name.slice(0, 100),
  }
}
