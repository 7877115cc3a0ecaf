import { type Random, randomToken } from '../core/random.ts'

/** An id of the same shape. What stands before its last underscore stays, and of an id without one all but letters and digits. */
export function otherId(id: string, random: Random): string {
  const prefix = id.slice(0, id.lastIndexOf('_') + 1)
  if (prefix !== '') return prefix + randomToken(random, id.length - prefix.length)
  return id.replaceAll(/[a-z\d]/gi, (character) => randomToken(random, 1, alphabetOf(character)))
}

function alphabetOf(character: string): string {
  if (/\d/.test(character)) return '0123456789'
  if (/[a-f]/.test(character)) return 'abcdef'
  return /[a-z]/.test(character) ? 'abcdefghijklmnopqrstuvwxyz' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
}
