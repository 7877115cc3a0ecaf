import { type Inject } from './fault.ts'

export interface Hang {
  readonly kind: 'hang'
}

/** Takes the request and never answers: not even headers come, and nothing is done. No timer is left behind. */
export const hang: Inject<Hang> = () => () => () => new Promise<never>(() => {})
