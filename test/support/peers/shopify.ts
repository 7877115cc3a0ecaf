import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import '@shopify/shopify-api/adapters/node'
import { ApiVersion, LogSeverity, shopifyApi } from '@shopify/shopify-api'
import { textKeys, type Delivery, type Peer } from './peer.ts'

const unconnected = new Socket()

function rawRequestOf({ method, url, headers }: Delivery): IncomingMessage {
  return Object.assign(new IncomingMessage(unconnected), { method, url: new URL(url).pathname, headers })
}

function shopify(kind: 'Webhooks' | 'Events', scheme: string, prefix: string): Peer {
  return {
    library: `@shopify/shopify-api ${kind}`,
    scheme,
    keys: textKeys,
    headers: {
      [`${prefix}topic`]: 'orders/create',
      [`${prefix}shop-domain`]: 'a.myshopify.test',
      [`${prefix}api-version`]: '2026-10',
      [`${prefix}webhook-id`]: 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
    },
    verifier(apiSecretKey) {
      const { webhooks } = shopifyApi({
        apiKey: 'unused',
        apiSecretKey,
        apiVersion: ApiVersion.October25,
        hostName: 'shop.test',
        isEmbeddedApp: true,
        logger: { level: LogSeverity.Error, log: () => undefined },
      })
      return async (delivery) => {
        const rawRequest = rawRequestOf(delivery)
        const { valid } = await webhooks.validate({
          rawBody: delivery.body.toString(),
          rawRequest,
          rawResponse: new ServerResponse(rawRequest),
        })
        return valid
      }
    },
  }
}

export const shopifyPeer = shopify('Webhooks', 'shopify', 'x-shopify-')
export const shopifyEventsPeer = shopify('Events', 'shopify-events', 'shopify-')
