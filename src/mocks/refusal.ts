/** A provider's no, before it is put into the provider's words. */
export interface Refusal {
  readonly status: number
  /** What happened, for people. */
  readonly message: string
  /** The provider's word for it, for programs. */
  readonly code?: string
  /** Further members of the error, named as the provider names them. */
  readonly fields?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
  /** A few words for the journal. @default the code */
  readonly summary?: string
  /** Nothing was begun, so nothing is remembered under an idempotency key. @default false */
  readonly unexecuted?: boolean
}

/** Carries a refusal out of a handler. Caught inside the mock; nobody outside ever sees it. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.message)
    this.refusal = refusal
  }
}
