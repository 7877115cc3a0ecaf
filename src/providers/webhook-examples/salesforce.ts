import { type WebhookExample } from '../webhook-example.ts'

export const salesforceOutbound: readonly WebhookExample[] = [
  {
    type: 'sf:Opportunity',
    text:
      '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>' +
      '<notifications xmlns="http://soap.sforce.com/2005/09/outbound"><OrganizationId>00D000000000042EAA</OrganizationId><ActionId>04k000000000042AAA</ActionId>' +
      '<Notification><Id>04l000000000042AAA</Id><sObject xsi:type="sf:Opportunity" xmlns:sf="urn:sobject.enterprise.soap.sforce.com"><sf:Id>006000000000042AAA</sf:Id><sf:Amount>2400.0</sf:Amount></sObject></Notification>' +
      '</notifications></soapenv:Body></soapenv:Envelope>',
  },
]
