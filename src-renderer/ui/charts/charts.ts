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
  /** Set where the metrics mean something else in this phase than in the others. */
  readonly phase?: RunSummary['phase']
  /** Whether this run measures it; absent = every run of the phase does. */
  readonly measured?: (run: Pick<RunSummary, 'config' | 'data'>) => boolean
  /** What the curves are held against, whatever the run. */
  readonly references?: readonly ReferenceLine[]
}

/** A level drawn across a chart, with its name. */
export interface ReferenceLine {
  readonly value: number
  readonly label: string
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

const rewardCharts: readonly RunChart[] = [
  ...chartsNamed('loss').map(chart => ({
    ...chart,
    phase: 'reward' as const,
    references: [{ value: Math.LN2, label: 'guessing: ln 2' }],
  })),
  {
    id: 'accuracy',
    title: 'Accuracy',
    lines: [{ metric: 'accuracy' }, { metric: 'eval_accuracy', dots: true, dashed: true }],
    smooth: true,
    references: [{ value: 0.5, label: 'guessing' }],
  },
  {
    id: 'margin',
    title: 'Margin',
    lines: [{ metric: 'margin' }, { metric: 'eval_margin', dots: true, dashed: true }],
    smooth: true,
  },
  {
    id: 'reward-range',
    title: 'Rewards',
    lines: [
      { metric: 'mean_reward' },
      { metric: 'min_reward', dashed: true },
      { metric: 'max_reward', dashed: true },
    ],
    smooth: true,
  },
  ...chartsNamed('grad-norm', 'learning-rate', 'speed'),
]

const ppoCharts: readonly RunChart[] = [
  {
    id: 'reward',
    title: 'Reward',
    lines: [
      { metric: 'objective/scores' },
      { metric: 'objective/rlhf_reward', dashed: true },
      { metric: 'eval_score', dots: true, dashed: true },
    ],
    smooth: true,
  },
  {
    id: 'kl',
    title: 'KL',
    lines: [
      { metric: 'objective/kl' },
      { metric: 'objective/kl_k3' },
      { metric: 'eval_kl', dots: true, dashed: true },
    ],
    smooth: true,
  },
  {
    id: 'win-rate',
    title: 'Wins over the fine-tuned model',
    lines: [{ metric: 'eval_win_rate', dots: true }],
    smooth: false,
    references: [{ value: 0.5, label: 'as good as before' }],
    measured: isJudged,
  },
  { id: 'policy-entropy', title: 'Entropy', lines: [{ metric: 'policy/entropy_avg' }], smooth: true },
  { id: 'answer-length', title: 'Answer length', lines: [{ metric: 'response/length' }], smooth: true },
  {
    id: 'answer-shares',
    title: 'Shares of the answers',
    lines: [{ metric: 'response/eos_rate' }, { metric: 'response/top_share', dashed: true }],
    smooth: false,
  },
  {
    id: 'clipped',
    title: 'Clipped',
    lines: [{ metric: 'policy/clipfrac_avg' }, { metric: 'val/clipfrac_avg', dashed: true }],
    smooth: true,
  },
  { id: 'value-loss', title: 'Value loss', lines: [{ metric: 'loss/value_avg' }], smooth: true },
  { id: 'kl-coef', title: 'KL coefficient β', lines: [{ metric: 'objective/kl_coef' }], smooth: false },
  { id: 'kl-charge', title: 'KL charge', lines: [{ metric: 'objective/non_score_reward' }], smooth: true },
  {
    id: 'reward-spread',
    title: 'Spread of rewards',
    lines: [{ metric: 'objective/scores_std' }],
    smooth: true,
  },
  {
    id: 'lost',
    title: 'Lost against the fine-tuned model',
    lines: [{ metric: 'eval_loss', dots: true }],
    smooth: false,
    phase: 'ppo',
    measured: isJudged,
  },
  {
    id: 'ratio',
    title: 'Ratio',
    lines: [{ metric: 'val/ratio' }],
    smooth: true,
    references: [{ value: 1, label: 'as it was' }],
  },
  {
    id: 'ratio-spread',
    title: 'Variance of the ratio',
    lines: [{ metric: 'val/ratio_var' }],
    smooth: true,
  },
  {
    id: 'first-log-ratio',
    title: 'First log ratio',
    lines: [{ metric: 'val/first_log_ratio' }],
    logY: true,
    smooth: false,
  },
  { id: 'approx-kl', title: 'Approx-KL', lines: [{ metric: 'policy/approxkl_avg' }], smooth: true },
  { id: 'policy-loss', title: 'Policy loss', lines: [{ metric: 'loss/policy_avg' }], smooth: true },
  {
    id: 'values',
    title: 'Values and returns',
    lines: [{ metric: 'val/vpred' }, { metric: 'returns/mean', dashed: true }, { metric: 'val/advantage' }],
    smooth: true,
  },
  {
    id: 'value-error',
    title: 'Value error',
    lines: [{ metric: 'val/error' }, { metric: 'returns/var', dashed: true }],
    smooth: true,
  },
  { id: 'surprise', title: 'Surprise of an answer', lines: [{ metric: 'objective/entropy' }], smooth: true },
  { id: 'repetition', title: 'Repetition', lines: [{ metric: 'response/repetition' }], smooth: true },
  {
    id: 'ptx-loss',
    title: 'Pre-training loss',
    lines: [{ metric: 'ptx_loss' }],
    smooth: true,
    measured: ({ config }) => Number(config.ptxCoef) > 0,
  },
  { ...chartsNamed('loss')[0]!, lines: [{ metric: 'loss' }], phase: 'ppo' },
  ...chartsNamed('grad-norm', 'learning-rate', 'speed'),
]

function chartsNamed(...ids: readonly string[]): RunChart[] {
  return ids.flatMap(id => pretrainCharts.filter(chart => chart.id === id))
}

const charts: Readonly<Record<RunSummary['phase'], readonly RunChart[]>> = {
  pretrain: pretrainCharts,
  sft: sftCharts,
  reward: rewardCharts,
  ppo: ppoCharts,
}

/** The charts of runs of this phase, most telling first. */
export const runChartsOf = (phase: RunSummary['phase']): readonly RunChart[] => charts[phase]

const subsets = new Map<string, readonly RunChart[]>()

/** Of these, the ones that this run has something to draw in: the same list for the same ones. */
export function chartsOfRun(run: Pick<RunSummary, 'phase' | 'config' | 'data'>): readonly RunChart[] {
  const found = runChartsOf(run.phase).filter(({ measured }) => !measured || measured(run))
  const key = [run.phase, ...found.map(({ id }) => id)].join(' ')
  const known = subsets.get(key) ?? found
  subsets.set(key, known)
  return known
}

/** Somebody but the person compares its answers to held-out prompts. */
function isJudged({ data }: Pick<RunSummary, 'data'>): boolean {
  return (data.ppo?.judge ?? null) !== null
}

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

const comparedRewardCharts: readonly RunChart[] = [
  ...comparedCharts
    .filter(({ id }) => id.endsWith('loss'))
    .map(chart => ({
      ...chart,
      phase: 'reward' as const,
      references: [{ value: Math.LN2, label: 'guessing: ln 2' }],
    })),
  ...(['eval_accuracy', 'eval_margin'] as const).map(metric => ({
    id: metric,
    title: metric === 'eval_accuracy' ? 'Validation accuracy' : 'Validation margin',
    lines: [{ metric, dots: true }],
    smooth: false,
  })),
]

/** The loss of phase 4 says little: its runs are compared by what they bought at which price. */
const comparedPpoCharts = ppoCharts
  .filter(({ id }) => ['reward', 'kl', 'win-rate', 'policy-entropy', 'answer-length'].includes(id))
  .map(chart => ({ ...chart, lines: chart.lines.slice(0, 1) }))

/** Losses of reward models are of pairs: among themselves they are compared by what a pair says. */
export function comparedChartsOf(phases: readonly RunSummary['phase'][]): readonly RunChart[] {
  if (phases.every(phase => phase === 'reward')) return comparedRewardCharts
  return phases.every(phase => phase === 'ppo') ? comparedPpoCharts : comparedCharts
}
