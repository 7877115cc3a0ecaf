import { GoodfenceError } from '../../core/errors.ts'

/** The error for a key that cannot sign. It says nothing of the key. */
export function unusableKey(form = 'the signing secret as the provider shows it'): GoodfenceError {
  const mend = `pass ${form}`
  return new GoodfenceError('usage', `The signing key is empty or not in the form in which it is issued: ${mend}.`, {
    mend,
  })
}
