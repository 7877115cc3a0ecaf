/**
 * Hands what lies in an inbox to pg-boss, whose workers then do the handling.
 *
 * @module
 */
import { type ConnectionOptions, type FindJobsOptions, type SendOptions } from 'pg-boss'
import { GoodfenceError } from '../../core/errors.ts'
import { type Handler, type WebhookEvent } from '../handler.ts'
import { type PostgresClient } from '../stores/postgres-pool.ts'
import { type JobData, jobDataOf, jobIdOf } from './job.ts'

export { eventOfJob, type JobData } from './job.ts'

/** What is used of a `PgBoss`. */
export interface Boss {
  send(queue: string, data: JobData, options: SendOptions): Promise<string | null>
  findJobs(queue: string, options: FindJobsOptions): Promise<readonly unknown[]>
}

export interface PgBossHandOffOptions {
  /** A started `PgBoss` of version 12.30 or later: before that one blocked key held up all others of a strict queue. */
  readonly boss: Boss
  /** The name of a queue that exists. */
  readonly queue: string
  /** What pg-boss is to know besides, for example `singletonKey` for a queue that keeps order by key. @default nothing */
  readonly options?: ((event: WebhookEvent) => Omit<SendOptions, 'id' | 'db'>) | undefined
}

/**
 * Makes a handler that hands events to pg-boss. An event is done once pg-boss has it, so a crash between the two has it
 * handed over again, under the same job id, which gives one job. It fails, and is tried again, when the queue's policy
 * turns the job away.
 *
 * With `atomic` the job is made in the very transaction that marks the event as done: for an inbox in the same database.
 *
 * @example
 * const worker = createWorker({ inbox, handle: pgBossHandOff({ boss, queue: 'webhooks', atomic: true }) })
 * await boss.work<JobData>('webhooks', async ([job]) => fulfil(eventOfJob(job.data)))
 */
export function pgBossHandOff(options: PgBossHandOffOptions & { readonly atomic: true }): Handler<PostgresClient>
export function pgBossHandOff(options: PgBossHandOffOptions & { readonly atomic?: false }): Handler<unknown>
export function pgBossHandOff({
  boss,
  queue,
  options,
  atomic = false,
}: PgBossHandOffOptions & { readonly atomic?: boolean }): Handler<PostgresClient> {
  async function send(event: WebhookEvent, id: string, connection: ConnectionOptions): Promise<void> {
    const made = await boss.send(queue, jobDataOf(event), { ...options?.(event), ...connection, id })
    if (made !== null) return
    // Known by its id, or turned away by the queue's policy: pg-boss does not say which.
    const [known] = await boss.findJobs(queue, { ...connection, id })
    if (known !== undefined) return
    throw new GoodfenceError('environment', `The queue "${queue}" of pg-boss turned the event away.`, {
      mend: 'give the queue the policy "standard" or "key_strict_fifo", or each event a singletonKey of its own',
    })
  }

  return async (event, context) => {
    const id = jobIdOf(event, context)
    if (!atomic) return send(event, id, {})
    context.effect((client) => send(event, id, { db: { executeSql: (text, values) => client.query(text, values) } }))
  }
}
