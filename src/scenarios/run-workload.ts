import { type RunningSubject } from './define.ts'
import { type CallResult } from './history.ts'
import { errorInWords } from './mask-secrets.ts'
import { type Case } from './run.ts'
import { type Scene } from './scene.ts'
import { type Stage } from './stage.ts'
import { type WorkloadStep, describeStep } from './workload.ts'

export interface WorkloadTools {
  readonly running: RunningSubject
  readonly scene: Scene
  readonly stage: Stage
}

/** Does what the workload says and tells how each step ended. A step that never ends is left behind. */
export async function runWorkload(scenario: Case, tools: WorkloadTools): Promise<readonly CallResult[]> {
  const { stage, scene } = tools
  const { workload, workloadLimitMs = stage.patience.workloadMs } = scenario
  const { clock } = scene
  const { journal } = stage
  const beganMs = clock.now()
  const results: CallResult[] = []

  async function perform(step: WorkloadStep, index: number): Promise<void> {
    const startedMs = clock.now() - beganMs
    results.push({ index, step, startedMs })
    const at = results.length - 1
    const end = (error: { error?: unknown }) => {
      results[at] = { index, step, startedMs, endedMs: clock.now() - beganMs, ...error }
    }
    journal.record({ kind: 'step', step: describeStep({ ...step, atMs: undefined } as unknown as WorkloadStep) })
    try {
      await act(step, index, tools)
      end({})
    } catch (error) {
      end({ error })
      const outcome = error instanceof Error ? error.name : typeof error
      journal.record({ kind: 'step', step: describeStep(step), outcome, message: errorInWords(error, scene.secrets) })
    }
  }

  async function performAll(): Promise<void> {
    const begun: Promise<void>[] = []
    for (const [index, step] of workload.entries()) {
      if (step.atMs === undefined) await Promise.all(begun)
      const waitMs = (step.atMs ?? 0) - (clock.now() - beganMs)
      begun.push(waitMs > 0 ? clock.sleep(waitMs).then(() => perform(step, index)) : perform(step, index))
    }
    await Promise.all(begun)
  }

  let cancel = () => {}
  const limit = new Promise<void>((resolve) => (cancel = clock.after(workloadLimitMs, resolve)))
  await clock.run(() => Promise.race([performAll(), limit]))
  cancel()
  return results
}

async function act(step: WorkloadStep, index: number, { running, scene, stage }: WorkloadTools): Promise<void> {
  const { mock, pack } = stage
  const { clock, isOrder } = scene
  switch (step.do) {
    case 'pay':
      await running.operations.pay(step.order)
      return
    case 'refund':
      await running.operations.refund?.(step.order)
      return
    case 'complete-action':
      for (const { id, order, status } of pack.payments(mock, isOrder)) {
        if (order === step.order && status === 'pending') mock.completeAction(id, step.how)
      }
      return
    case 'send-event': {
      const id = `evt_scenario_${index}`
      const body = new TextEncoder().encode(pack.eventText(step.type, step.object, id, clock.now()))
      mock.outbox.send({ id, type: step.type, body, createdMs: clock.now() })
    }
  }
}
