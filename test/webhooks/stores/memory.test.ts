import { createMemoryInbox } from '../../../src/webhooks/stores/memory.ts'
import { inboxLaws } from '../../suites/inbox-store.ts'

inboxLaws({ name: 'memory', open: async (options) => createMemoryInbox(options) })
