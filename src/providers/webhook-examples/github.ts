import { type WebhookExample } from '../webhook-example.ts'

const sender = { login: 'ada-example', id: 1001, type: 'User' }
const repository = {
  id: 730001,
  name: 'shop',
  full_name: 'ada-example/shop',
  private: true,
  default_branch: 'main',
  owner: sender,
}
const hook = {
  'User-Agent': 'GitHub-Hookshot/goodfence',
  'X-GitHub-Hook-ID': '520001',
  'X-GitHub-Hook-Installation-Target-ID': '730001',
  'X-GitHub-Hook-Installation-Target-Type': 'repository',
}

export const github: readonly WebhookExample[] = [
  {
    type: 'push',
    headers: hook,
    json: {
      ref: 'refs/heads/main',
      before: '9c1e6f0b7a2d4835916ce0fd2b7a48131f5e6d70',
      after: 'e7b40c5519f84a2ab3d60a92f0c8d5d6471c3e2a',
      created: false,
      deleted: false,
      forced: false,
      repository,
      pusher: { name: 'ada-example', email: 'ada@shop.example' },
      sender,
      commits: [
        {
          id: 'e7b40c5519f84a2ab3d60a92f0c8d5d6471c3e2a',
          message: 'Take events once',
          timestamp: '2026-01-15T09:30:00Z',
          author: { name: 'Ada Example', email: 'ada@shop.example' },
          added: [],
          removed: [],
          modified: ['src/inbox.ts'],
        },
      ],
    },
  },
  {
    type: 'pull_request',
    headers: hook,
    json: {
      action: 'opened',
      number: 12,
      pull_request: {
        id: 880012,
        number: 12,
        state: 'open',
        title: 'Refuse what is not signed',
        draft: false,
        merged: false,
        user: sender,
        head: { ref: 'refuse-unsigned', sha: 'e7b40c5519f84a2ab3d60a92f0c8d5d6471c3e2a' },
        base: { ref: 'main', sha: '9c1e6f0b7a2d4835916ce0fd2b7a48131f5e6d70' },
      },
      repository,
      sender,
    },
  },
  {
    type: 'ping',
    headers: hook,
    json: {
      zen: 'Good fences make good neighbours.',
      hook_id: 520001,
      hook: { type: 'Repository', id: 520001, active: true, events: ['push', 'pull_request'] },
      repository,
      sender,
    },
  },
]
