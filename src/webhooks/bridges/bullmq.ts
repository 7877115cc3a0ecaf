/**
 * Hands what lies in an inbox to BullMQ, whose workers then do the handling.
 *
 * @module
 */
import { type JobsOptions } from 'bullmq'
import { type Handler, type WebhookEvent } from '../handler.ts'
import { type JobData, jobDataOf, jobIdOf } from './job.ts'

export { eventOfJob, type JobData } from './job.ts'

/** What is used of a queue of BullMQ. */
export interface BullMqQueue {
  add(name: string, data: JobData, options: JobsOptions): Promise<unknown>
}

export interface BullMqHandOffOptions {
  /** A `Queue` of BullMQ 6. */
  readonly queue: BullMqQueue
  /** What BullMQ is to know besides, for example `attempts` and `backoff`. @default nothing */
  readonly options?: ((event: WebhookEvent) => Omit<JobsOptions, 'jobId'>) | undefined
}

/**
 * Makes a handler that hands events to BullMQ, as jobs named after the event's type. An event is done once BullMQ has
 * it, so a crash between the two has it handed over again, under the same job id, which gives one job for as long as
 * BullMQ keeps the job: do not have jobs removed at once. What BullMQ has lives as safely as its Redis does.
 *
 * @example
 * const worker = createWorker({ inbox, handle: bullMqHandOff({ queue: new Queue('webhooks', { connection }) }) })
 * new Worker<JobData>('webhooks', async (job) => fulfil(eventOfJob(job.data)), { connection })
 */
export function bullMqHandOff({ queue, options }: BullMqHandOffOptions): Handler<unknown> {
  return async (event, context) => {
    await queue.add(event.type, jobDataOf(event), { ...options?.(event), jobId: jobIdOf(event, context) })
  }
}
