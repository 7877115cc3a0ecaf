/**
 * One event as a provider could send it: a made-up, small, but lifelike payload. Its id and times are replaced each time
 * that it is sent, where the provider's facts say that they stand.
 */
export type WebhookExample = {
  /** As the provider calls it. */
  readonly type: string
  /** Headers that come along beside those that sign. */
  readonly headers?: Readonly<Record<string, string>>
  /** Which of these headers hold an id of this delivery, and so another one each time. */
  readonly idHeaders?: readonly string[]
} & (
  | { readonly json: unknown }
  /** Fields of a form. */
  | { readonly form: Readonly<Record<string, string>> }
  /** Any other text, such as XML. */
  | { readonly text: string }
)
