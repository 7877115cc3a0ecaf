import { type WebhookExample } from '../webhook-example.ts'

const user = {
  id: 'user_29w83sxmDNGwOuEthce5gg56FcC',
  object: 'user',
  first_name: 'Bob',
  last_name: 'Example',
  email_addresses: [
    {
      id: 'idn_29w83yL7CwVlJXylYLxcslromF1',
      email_address: 'bob@shop.example',
      verification: { status: 'verified', strategy: 'email_code' },
    },
  ],
  primary_email_address_id: 'idn_29w83yL7CwVlJXylYLxcslromF1',
  created_at: 1768470000000,
  updated_at: 1768470000000,
}

export const clerk: readonly WebhookExample[] = [
  {
    type: 'user.created',
    json: {
      object: 'event',
      type: 'user.created',
      timestamp: 1768470000000,
      instance_id: 'ins_2g7np7Hrk0SN6kj5EDMLDaKNL0S',
      data: user,
    },
  },
  {
    type: 'user.deleted',
    json: {
      object: 'event',
      type: 'user.deleted',
      timestamp: 1768470000000,
      instance_id: 'ins_2g7np7Hrk0SN6kj5EDMLDaKNL0S',
      data: { id: user.id, object: 'user', deleted: true },
    },
  },
]
