// What decides which checkpoint of a run is best: each phase means something else by it, which stands behind the figure.
import type { RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { describeMetric, formatMetric } from '../../format.ts'

export function EvalLoss({ value, phase }: { value: number | null; phase: RunSummary['phase'] }) {
  const { label, meaning } = describeMetric('eval_loss', phase)
  return <span title={`${label}: ${meaning}`}>{formatMetric('eval_loss', value ?? undefined)}</span>
}
