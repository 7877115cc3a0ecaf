import { type WebhookExample } from '../webhook-example.ts'

const meeting = {
  id: '91234567890',
  uuid: 'exampleUUID==',
  host_id: 'x1yCzABCDEfg23HiJKl4mN',
  topic: 'Fence building',
  type: 2,
  start_time: '2026-01-15T09:30:00Z',
  duration: 30,
  timezone: 'Europe/Berlin',
}

export const zoom: readonly WebhookExample[] = [
  {
    type: 'meeting.started',
    json: { event: 'meeting.started', event_ts: 1768470000000, payload: { account_id: 'AAAAAABBBB', object: meeting } },
  },
  {
    type: 'meeting.ended',
    json: {
      event: 'meeting.ended',
      event_ts: 1768471800000,
      payload: { account_id: 'AAAAAABBBB', object: { ...meeting, end_time: '2026-01-15T10:00:00Z' } },
    },
  },
]
