import { serve } from '../../src/adapters/node-server.ts'
import { platformFetch } from '../../src/core/platform.ts'
import { transportMatrix } from '../suites/transport-matrix.ts'

transportMatrix({
  name: 'a socket',
  tellsCodes: true,
  async open(service) {
    const server = await serve(service)
    return { baseUrl: server.url, send: platformFetch, [Symbol.asyncDispose]: () => server.close() }
  },
})
