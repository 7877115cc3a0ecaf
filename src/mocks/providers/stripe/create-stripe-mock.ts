import { fileURLToPath } from 'node:url'
import { type ApiDocument } from '../../../openapi/model.ts'
import { loadDocument } from '../../../openapi/load.ts'
import { stripe } from '../../../providers/stripe.ts'
import { type Mock, type MockOptions, createMock } from '../../mock.ts'
import { stripeBehaviour } from './behaviour.ts'

/** Where our slice of Stripe's API lies, in the repository and in the package alike. */
const slicePath = fileURLToPath(new URL(`../../../../specs/${stripe.document}`, import.meta.url))

let slice: Promise<ApiDocument> | undefined

export interface StripeMockOptions extends Omit<MockOptions, 'document' | 'behaviour' | 'manifest'> {
  /** Another document than our slice, such as Stripe's own. */
  readonly document?: ApiDocument | undefined
}

/** Our slice of Stripe's API, read once per process. */
export function stripeDocument(): Promise<ApiDocument> {
  return (slice ??= loadDocument(slicePath))
}

/** Makes a mock of Stripe. The document is read once per process; every mock has a state of its own. */
export async function createStripeMock(options: StripeMockOptions = {}): Promise<Mock> {
  const document = options.document ?? (await stripeDocument())
  return createMock({ ...options, document, behaviour: stripeBehaviour, manifest: stripe })
}
