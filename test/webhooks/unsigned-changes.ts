/** Says what a delivery is after a change that its meaning survives, or that no signature may have covered. */
export type Change = (text: string) => string | undefined

function isJson(text: string): boolean {
  try {
    return text.startsWith('{') && JSON.parse(text) !== null
  } catch {
    return false
  }
}

const json = (change: (data: Record<string, unknown>) => unknown): Change => {
  return (text) => {
    if (!isJson(text)) return undefined
    return JSON.stringify(change(JSON.parse(text) as Record<string, unknown>))
  }
}

const form = (change: (fields: [string, string][]) => [string, string][]): Change => {
  return (text) => {
    if (!/^[^{<]*=/.test(text)) return undefined
    return new URLSearchParams(change([...new URLSearchParams(text)])).toString()
  }
}

const replaced =
  (from: string | RegExp, to: string): Change =>
  (text) =>
    text.startsWith('{') ? text.replace(from, to) : undefined

/** A member or a value, wherever in the JSON it stands. */
const everywhere =
  (change: (object: Record<string, unknown>) => Record<string, unknown>): Change =>
  (text) => {
    if (!isJson(text)) return undefined
    const isObject = (value: unknown): value is Record<string, unknown> =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
    return JSON.stringify(JSON.parse(text, (_, value: unknown) => (isObject(value) ? change(value) : value)))
  }

/** Changes of a body, or of a field of it that holds JSON. */
export const bodyChanges = {
  'white space in JSON': (text) => (isJson(text) ? JSON.stringify(JSON.parse(text), undefined, 1) : undefined),
  'order of members in JSON': everywhere((object) => Object.fromEntries(Object.entries(object).toReversed())),
  'escapes in JSON': replaced('"evt_1"', String.raw`"\u0065vt_1"`),
  'numbers in JSON written otherwise': replaced(/:1\.5(?=[,}])/, ':1.50'),
  'a JSON member that is repeated': replaced('"price":', '"price":0,"price":'),
  'a JSON member that is not signed': everywhere((object) => ('price' in object ? { ...object, price: 2.5 } : object)),
  'a JSON member more': json((data) => ({ ...data, more: 1 })),
  'another JSON': json(() => ({ id: 'evt_2' })),
  'order of form fields': form((fields) => fields.toReversed()),
  'percent-encoding of a form': (text) =>
    /^[A-Za-z]\w*=/.test(text) ? `%${text.codePointAt(0)?.toString(16)}${text.slice(1)}` : undefined,
  'a form field more': form((fields) => [...fields, ['more', '1']]),
  // Of one field: several would also change places.
  'where the name of a form field ends': form((fields) =>
    fields.map(([name, value]) =>
      fields.length === 1 && /^\w{2,}$/.test(name) ? [name.slice(0, -1), name.slice(-1) + value] : [name, value],
    ),
  ),
  'separators in the values of a form': form((fields) =>
    fields.map(([name, value]) => [name, value.replaceAll('&', '_')]),
  ),
  'line breaks at the end of form fields': form((fields) =>
    fields.map(([name, value]) => [name, value.replace(/\n$/, '')]),
  ),
} satisfies Readonly<Record<string, Change>>

export type ChangeName = keyof typeof bodyChanges

const unsignedJson: readonly ChangeName[] = [
  'white space in JSON',
  'order of members in JSON',
  'escapes in JSON',
  'numbers in JSON written otherwise',
  'a JSON member that is repeated',
  'a JSON member that is not signed',
  'a JSON member more',
]
const noBody: readonly ChangeName[] = [...unsignedJson, 'another JSON']

/**
 * Which changes of a body pass, per scheme: the signature is over values in it, or over nothing of it. Schemes that are not
 * listed sign the bytes, and nothing passes.
 */
export const passing: Readonly<Record<string, readonly ChangeName[]>> = {
  // Values of the JSON are signed.
  'adyen-payments': unsignedJson,
  'aws-sns-v1': unsignedJson,
  'aws-sns-v2': unsignedJson,
  'apple-app-store-v2': ['white space in JSON', 'a JSON member more'],
  smartcar: [
    'white space in JSON',
    'escapes in JSON',
    'numbers in JSON written otherwise',
    'a JSON member that is repeated',
  ],
  // The fields of the form are signed, as they decode.
  braintree: [
    'order of form fields',
    'percent-encoding of a form',
    'a form field more',
    'separators in the values of a form',
    'line breaks at the end of form fields',
  ],
  mandrill: ['order of form fields', 'percent-encoding of a form', 'where the name of a form field ends'],
  'twilio-form': ['order of form fields', 'percent-encoding of a form', 'where the name of a form field ends'],
  'vonage-sms': ['order of form fields', 'percent-encoding of a form', 'separators in the values of a form'],
  // Nothing of the body is signed, though the signature may stand there.
  'azure-event-grid': noBody,
  chargebee: noBody,
  'contentful-webhook': noBody,
  datadog: noBody,
  'dropbox-sign': unsignedJson,
  freshdesk: noBody,
  'gitlab-token': noBody,
  'google-pubsub-push': noBody,
  mailgun: unsignedJson,
  mercadopago: noBody,
  msgraph: unsignedJson,
  'okta-event-hook': noBody,
  onesignal: noBody,
  pipedrive: noBody,
}
