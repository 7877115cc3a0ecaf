import { type WebhookPort } from '../../behaviour.ts'
import { type StripeObject } from './account.ts'
import { refuseParameter } from './error.ts'
import { type Stub } from './kinds.ts'
import { page } from './lists.ts'
import { type StripeHandler, find } from './objects.ts'
import { flagIn, metadataAfter, missing, requiredText, textIn, textsIn } from './parameters.ts'

export interface WebhookEndpoint extends StripeObject {
  readonly object: 'webhook_endpoint'
  readonly enabled_events: readonly string[]
  readonly metadata: Readonly<Record<string, string>>
  readonly status: 'enabled' | 'disabled'
  readonly url: string
}

/** Endpoints made through the API hear of events from then on. Their secret is told once, when they are made. */
export function webhookEndpointHandlers(webhooks: WebhookPort): Readonly<Record<string, StripeHandler>> {
  const secrets = new Map<string, string>()

  /** An endpoint hears what it wants while it is enabled. */
  function listen({ id, url, enabled_events: events, status }: WebhookEndpoint): void {
    if (status === 'enabled') webhooks.add({ url, secret: secrets.get(id) as string, events })
  }

  const createEndpoint: StripeHandler = ({ account, cause, parameters }) => {
    const url = urlIn(requiredText(parameters, 'url'))
    const events = textsIn(parameters, 'enabled_events')
    if (events.length === 0) missing('enabled_events')
    const endpoint: WebhookEndpoint = {
      id: account.newId('we'),
      object: 'webhook_endpoint',
      api_version: textIn(parameters, 'api_version') ?? null,
      application: null,
      created: account.seconds(),
      description: textIn(parameters, 'description') ?? null,
      enabled_events: events,
      livemode: false,
      metadata: metadataAfter({}, parameters),
      status: 'enabled',
      url,
    }
    secrets.set(endpoint.id, `whsec_${account.draw('webhook_secret', 32)}`)
    account.keep(endpoint, 'created', cause)
    listen(endpoint)
    return { ...endpoint, secret: secrets.get(endpoint.id) }
  }

  const updateEndpoint: StripeHandler = ({ account, cause, id, parameters }) => {
    const before = find(account, 'webhook_endpoint', id)
    const disabled = flagIn(parameters, 'disabled')
    const events = textsIn(parameters, 'enabled_events')
    const url = textIn(parameters, 'url')
    const after: WebhookEndpoint = {
      ...before,
      ...(url === undefined ? {} : { url: urlIn(url) }),
      ...(events.length === 0 ? {} : { enabled_events: events }),
      ...(disabled === undefined ? {} : { status: disabled ? 'disabled' : 'enabled' }),
      ...(parameters['description'] === undefined ? {} : { description: textIn(parameters, 'description') ?? null }),
      metadata: metadataAfter(before.metadata, parameters),
    }
    if (before.status === 'enabled') webhooks.remove(before.url)
    listen(after)
    return account.keep(after, 'updated', cause)
  }

  const deleteEndpoint: StripeHandler = ({ account, cause, id }) => {
    const endpoint = find(account, 'webhook_endpoint', id)
    const stub: Stub = { id, object: 'webhook_endpoint', deleted: true }
    webhooks.remove(endpoint.url)
    return account.keep(stub, 'deleted', cause)
  }

  return {
    'POST /v1/webhook_endpoints': createEndpoint,
    'GET /v1/webhook_endpoints': (call) => page(call, 'webhook_endpoint', { url: '/v1/webhook_endpoints' }),
    'GET /v1/webhook_endpoints/{}': ({ account, id }) => find(account, 'webhook_endpoint', id),
    'POST /v1/webhook_endpoints/{}': updateEndpoint,
    'DELETE /v1/webhook_endpoints/{}': deleteEndpoint,
  }
}

function urlIn(url: string): string {
  const parsed = URL.parse(url)
  if (parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.username === '' && parsed.password === '')
    return url
  return refuseParameter('url_invalid', 'Invalid URL: An explicit scheme (such as https) must be provided.', 'url')
}
