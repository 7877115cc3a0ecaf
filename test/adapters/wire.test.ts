import { wire } from '../../src/core/wire.ts'
import { transportMatrix } from '../suites/transport-matrix.ts'

transportMatrix({
  name: 'a plain function',
  tellsCodes: true,
  open: async (service) => ({
    baseUrl: 'https://api.things.test',
    send: wire(service),
    [Symbol.asyncDispose]: async () => {},
  }),
})
