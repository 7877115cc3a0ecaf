import { type WebhookExample } from '../webhook-example.ts'

const project = {
  id: 15,
  name: 'Shop',
  path_with_namespace: 'ada-example/shop',
  default_branch: 'main',
  web_url: 'https://gitlab.example/ada-example/shop',
}

const push: WebhookExample = {
  type: 'Push Hook',
  headers: { 'X-Gitlab-Instance': 'https://gitlab.example' },
  json: {
    object_kind: 'push',
    event_name: 'push',
    before: '95790bf891e76fee5e1747ab589903a6a1f80f22',
    after: 'da1560886d4f094c3e6c9ef40349f7d38b5d27d7',
    ref: 'refs/heads/main',
    user_id: 4,
    user_username: 'ada-example',
    project_id: 15,
    project,
    commits: [
      {
        id: 'da1560886d4f094c3e6c9ef40349f7d38b5d27d7',
        message: 'Take events once',
        timestamp: '2026-01-15T09:30:00Z',
        author: { name: 'Ada Example', email: 'ada@shop.example' },
      },
    ],
    total_commits_count: 1,
  },
}
const mergeRequest: WebhookExample = {
  type: 'Merge Request Hook',
  headers: { 'X-Gitlab-Instance': 'https://gitlab.example' },
  json: {
    object_kind: 'merge_request',
    event_type: 'merge_request',
    user: { id: 4, username: 'ada-example' },
    project,
    object_attributes: {
      id: 99,
      iid: 1,
      title: 'Refuse what is not signed',
      state: 'opened',
      action: 'open',
      source_branch: 'refuse-unsigned',
      target_branch: 'main',
    },
  },
}

export const gitlab: readonly WebhookExample[] = [push, mergeRequest]
