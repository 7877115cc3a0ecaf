import { dayMs, doublingPauses, hourMs, minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Salesforce: outbound messages (SOAP). */
export const salesforceOutbound: WebhookProvider = {
  name: 'salesforce',
  title: 'Salesforce',
  webhooks: {
    scheme: {
      id: 'salesforce-outbound',
      title: 'outbound messages (SOAP)',
      request: { method: 'POST', contentType: 'text/xml' },
      signature: { type: 'none', syntax: 'none' },
      signedContent: null,
      bodyForm: 'not-signed',
      key: { role: 'none', form: 'none' },
      timestamp: null,
      event: { id: 'xml://Notification/Id', type: 'xml://sObject/@type' },
      confidence: 'documented',
      verifiedAgainst: 'Salesforce SOAP API guide "Understanding notifications"',
      sources: ['developer.salesforce.com outbound messaging notifications'],
      notes: [
        'success is in the response body, not only in the status',
        'up to 100 notifications a message; OrganizationId is the only identity check besides mutual TLS',
      ],
    },
    delivery: {
      success: [200],
      answer: {
        status: 200,
        contentType: 'text/xml; charset=utf-8',
        body:
          '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>' +
          '<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse>' +
          '</soapenv:Body></soapenv:Envelope>',
        mustContain: 'Ack>true</',
      },
      timeoutMs: 10 * secondMs,
      retryAfterMs: doublingPauses({ fromMs: minuteMs, upToMs: 2 * hourMs, withinMs: dayMs }),
      windowMs: dayMs,
      basis: 'documented',
      assumed: ['timeoutMs', 'retryAfterMs'],
      notes: ['exponential, at most two hours apart', 'duplicates are possible: dedupe on the notification Id'],
    },
  },
}
