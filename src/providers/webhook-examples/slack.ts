import { type WebhookExample } from '../webhook-example.ts'

const app = { token: 'goodfence-legacy-token', team_id: 'T01EXAMPLE', api_app_id: 'A01EXAMPLE' }
const authorizations = [{ enterprise_id: null, team_id: 'T01EXAMPLE', user_id: 'U01BOTEXAMP', is_bot: true }]

export const slack: readonly WebhookExample[] = [
  {
    type: 'message',
    json: {
      ...app,
      type: 'event_callback',
      event_id: 'Ev01EXAMPLE01',
      event_time: 1768470000,
      authorizations,
      event: {
        type: 'message',
        channel: 'C01EXAMPLE',
        channel_type: 'channel',
        user: 'U01EXAMPLE',
        text: 'Is the fence up?',
        ts: '1768470000.000100',
      },
    },
  },
  {
    type: 'app_mention',
    json: {
      ...app,
      type: 'event_callback',
      event_id: 'Ev01EXAMPLE02',
      event_time: 1768470000,
      authorizations,
      event: {
        type: 'app_mention',
        channel: 'C01EXAMPLE',
        user: 'U01EXAMPLE',
        text: '<@U01BOTEXAMP> hello',
        ts: '1768470000.000200',
      },
    },
  },
]
