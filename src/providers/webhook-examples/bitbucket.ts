import { type WebhookExample } from '../webhook-example.ts'

const repository = {
  type: 'repository',
  name: 'shop',
  full_name: 'ada-example/shop',
  uuid: '{b8f1a5f0-1042-4d5c-9a3e-000000001042}',
}
const actor = { type: 'user', display_name: 'Ada Example', uuid: '{d301aafa-d676-4ee0-88be-962be7417567}' }

export const bitbucket: readonly WebhookExample[] = [
  {
    type: 'repo:push',
    headers: { 'X-Hook-UUID': 'd3c8f1a0-0000-4000-8000-000000001042' },
    json: {
      actor,
      repository,
      push: {
        changes: [
          {
            new: {
              type: 'branch',
              name: 'main',
              target: { type: 'commit', hash: '709d658dc5b6d6afcd46049c2f332ee3f515a67d', message: 'Take events once' },
            },
            created: false,
            closed: false,
            forced: false,
          },
        ],
      },
    },
  },
  {
    type: 'pullrequest:created',
    headers: { 'X-Hook-UUID': 'd3c8f1a0-0000-4000-8000-000000001042' },
    json: { actor, repository, pullrequest: { id: 12, title: 'Refuse what is not signed', state: 'OPEN' } },
  },
]
