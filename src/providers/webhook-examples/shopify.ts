import { type WebhookExample } from '../webhook-example.ts'

const shop = {
  'X-Shopify-Shop-Domain': 'ada-example.myshopify.com',
  'X-Shopify-API-Version': '2026-01',
  'X-Shopify-Event-Id': '98880550-7158-44d4-b7cd-2c97c8a091b5',
}
const idHeaders = ['X-Shopify-Event-Id']
const customer = {
  id: 115310627,
  email: 'bob@shop.example',
  first_name: 'Bob',
  last_name: 'Example',
  verified_email: true,
}
const order = {
  id: 820982911,
  admin_graphql_api_id: 'gid://shopify/Order/820982911',
  name: '#1042',
  email: 'bob@shop.example',
  currency: 'EUR',
  total_price: '24.00',
  financial_status: 'pending',
  fulfillment_status: null,
  created_at: '2026-01-15T09:30:00Z',
  updated_at: '2026-01-15T09:30:00Z',
  customer,
  line_items: [
    { id: 466157049, product_id: 788032119, title: 'A fence post', quantity: 2, price: '12.00', sku: 'POST-1' },
  ],
}

export const shopify: readonly WebhookExample[] = [
  { type: 'orders/create', headers: shop, idHeaders, json: order },
  { type: 'orders/paid', headers: shop, idHeaders, json: { ...order, financial_status: 'paid' } },
  {
    type: 'app/uninstalled',
    headers: shop,
    idHeaders,
    json: { id: 548380009, name: 'Ada Example', domain: 'ada-example.myshopify.com', plan_name: 'basic' },
  },
]

export const shopifyEvents: readonly WebhookExample[] = [
  {
    type: 'orders/create',
    headers: { 'shopify-shop-domain': 'ada-example.myshopify.com', 'shopify-api-version': '2026-01' },
    json: order,
  },
]
