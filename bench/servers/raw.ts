/** The bar for the mock: a bare server that answers every GET with the bytes given as its first argument. */
import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'

const body = Buffer.from(process.argv[2] ?? '')
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.byteLength })
  response.end(body)
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
