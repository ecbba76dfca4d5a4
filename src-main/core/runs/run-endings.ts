// How a run comes to rest: what its row says then, and what a person is told of it.
import type { TrainOutcome } from '../../../src-shared/contract/engine-contract.ts'
import { type LabErrorFacts, sentence } from '../../../src-shared/contract/errors.ts'
import type { LabTopics, RunSummary } from '../../../src-shared/contract/lab-contract.ts'
import type { TopicPayload } from '../../../src-shared/contract/method.ts'
import type { RunChange } from '../database/queries/runs.ts'

/** Of a run that was asked to leave. */
export const leave = (request: 'pause' | 'stop', closing: boolean): RunChange =>
  request === 'stop'
    ? { status: 'stopped', reason: null }
    : { status: 'paused', reason: closing ? 'the app was closed' : null }

/** Of a run that the engine has let go. */
export function ended({ status, state, reason }: TrainOutcome, closing: boolean): RunChange {
  const { step, tokens, bestEvalLoss } = state
  if (status === 'paused' && !reason) return { ...leave('pause', closing), step, tokens, bestEvalLoss }
  // A pause of its own accord leaves the weights of the last good checkpoint; its step is where the run stands.
  if (status === 'paused') return { status, reason: reason ?? null }
  return { status, reason: null, step, tokens, bestEvalLoss }
}

/** A full disk is emptied and the run goes on; anything else will fail the same way again. @param step where it stood */
export const failure = (facts: LabErrorFacts, step: number) =>
  ({
    status: facts.code === 'no-space' && step > 0 ? 'paused' : 'failed',
    reason: sentence(facts),
  }) as const

/** What a person is told of a run that rests; null where they asked for it themselves. */
export function endNotice({
  id,
  name,
  status,
  reason,
}: RunSummary): TopicPayload<LabTopics, 'notice'> | null {
  if (status === 'finished') return { kind: 'success', text: `"${name}" is finished`, run: id }
  if (status === 'failed' || (status === 'paused' && reason))
    return { kind: 'error', text: `"${name}": ${reason}`, run: id }
  return null
}
