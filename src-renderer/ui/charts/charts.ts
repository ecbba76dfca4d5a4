// The charts of a run: one row each, naming metrics of src-shared/metrics.
import type { RunSummary } from '../../../src-shared/contract/lab-contract.ts'
import type { MetricName } from '../../../src-shared/metrics/metrics.ts'

export interface RunChart {
  readonly id: string
  readonly title: string
  readonly lines: readonly {
    readonly metric: MetricName
    readonly dots?: boolean
    readonly dashed?: boolean
  }[]
  /** Where the axis starts out; the person may change it. */
  readonly logY?: boolean
  /** Curves that are exact, not noisy, are not smoothed. */
  readonly smooth: boolean
}

const pretrainCharts: readonly RunChart[] = [
  {
    id: 'loss',
    title: 'Loss',
    lines: [{ metric: 'loss' }, { metric: 'eval_loss', dots: true, dashed: true }],
    smooth: true,
  },
  {
    id: 'bits-per-byte',
    title: 'Bits per byte',
    lines: [{ metric: 'bits_per_byte', dots: true }],
    smooth: false,
  },
  {
    id: 'perplexity',
    title: 'Perplexity',
    lines: [{ metric: 'perplexity', dots: true }],
    logY: true,
    smooth: false,
  },
  { id: 'grad-norm', title: 'Gradient norm', lines: [{ metric: 'grad_norm' }], logY: true, smooth: true },
  { id: 'learning-rate', title: 'Learning rate', lines: [{ metric: 'learning_rate' }], smooth: false },
  { id: 'speed', title: 'Speed', lines: [{ metric: 'tokens_per_second' }], smooth: true },
]

const sftCharts: readonly RunChart[] = [
  ...chartsNamed('loss'),
  {
    id: 'token-accuracy',
    title: 'Token accuracy',
    lines: [
      { metric: 'mean_token_accuracy' },
      { metric: 'eval_mean_token_accuracy', dots: true, dashed: true },
    ],
    smooth: true,
  },
  { id: 'entropy', title: 'Entropy', lines: [{ metric: 'entropy' }], smooth: true },
  ...chartsNamed('grad-norm', 'learning-rate', 'speed'),
]

function chartsNamed(...ids: readonly string[]): RunChart[] {
  return ids.flatMap(id => pretrainCharts.filter(chart => chart.id === id))
}

/** The charts of a run of this phase, most telling first. */
export const runChartsOf = (phase: RunSummary['phase']): readonly RunChart[] =>
  phase === 'sft' ? sftCharts : pretrainCharts

/** When several runs lie over each other, one line per run in each chart. */
export const comparedCharts: readonly RunChart[] = [
  { id: 'training-loss', title: 'Loss', lines: [{ metric: 'loss' }], smooth: true },
  {
    id: 'validation-loss',
    title: 'Validation loss',
    lines: [{ metric: 'eval_loss', dots: true }],
    smooth: false,
  },
  ...chartsNamed('bits-per-byte', 'grad-norm'),
]
