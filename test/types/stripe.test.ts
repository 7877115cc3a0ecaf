import { expectTypeOf, test } from 'vitest'
import type { components, paths } from '../../generated/stripe.d.ts'

type Schemas = components['schemas']
type Form<Path extends keyof paths> =
  NonNullable<paths[Path] extends { post: { requestBody?: infer Body } } ? Body : never> extends {
    content: { 'application/x-www-form-urlencoded': infer Fields }
  }
    ? Fields
    : never

test('a payment intent cannot be created without amount and currency', () => {
  expectTypeOf<{ amount: number; currency: string }>().toExtend<Form<'/v1/payment_intents'>>()
  expectTypeOf<{ amount: number }>().not.toExtend<Form<'/v1/payment_intents'>>()
  expectTypeOf<Form<'/v1/payment_intents'>['capture_method']>().toEqualTypeOf<
    'automatic' | 'automatic_async' | 'manual' | undefined
  >()
})

test('what can be expanded is an id, an object or null', () => {
  expectTypeOf<Schemas['payment_intent']['latest_charge']>().toEqualTypeOf<
    (string | Schemas['charge']) | null | undefined
  >()
})

test('values are the ones that the provider names', () => {
  expectTypeOf<Schemas['charge']['status']>().toEqualTypeOf<'failed' | 'pending' | 'succeeded'>()
  expectTypeOf<Schemas['customer']['object']>().toEqualTypeOf<'customer'>()
})

test('an event may bring any object', () => {
  expectTypeOf<Schemas['event']['data']['object']>().toEqualTypeOf<Record<string, unknown>>()
})
