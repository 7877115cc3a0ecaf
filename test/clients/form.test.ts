import { expect, test } from 'vitest'
import { formBody } from '../../src/clients/form.ts'

test.each<[string, object, string]>([
  ['plain fields', { amount: 1_000, currency: 'eur', capture: false }, 'amount=1000&currency=eur&capture=false'],
  ['nested fields', { metadata: { order: '7', by: { who: 'a' } } }, 'metadata[order]=7&metadata[by][who]=a'],
  ['lists', { expand: ['customer', 'charges'] }, 'expand[0]=customer&expand[1]=charges'],
  ['objects in lists', { items: [{ id: 1 }, { id: 2 }] }, 'items[0][id]=1&items[1][id]=2'],
  ['what unsets', { description: null, name: '' }, 'description=&name='],
  ['nothing for what is undefined', { a: undefined, b: { c: undefined } }, ''],
  ['what needs escaping', { 'a&b': 'c=d +é', 'x[y]': '&' }, 'a%26b=c%3Dd%20%2B%C3%A9&x%5By%5D=%26'],
])('formBody writes %s', (_name, value, text) => {
  expect(formBody(value)).toBe(text)
})
