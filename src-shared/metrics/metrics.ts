// Every number a run reports: name as TRL spells it, unit, and which way is better. Charts, tables and files read this.
export interface Metric {
  readonly label: string
  readonly unit: string
  readonly better: 'lower' | 'higher' | 'neither'
  readonly meaning: string
}

export const metrics = {
  loss: {
    label: 'Loss',
    unit: 'nats per token',
    better: 'lower',
    meaning: 'Cross-entropy on the batch just trained: how surprised the model was by the right next token.',
  },
  eval_loss: {
    label: 'Validation loss',
    unit: 'nats per token',
    better: 'lower',
    meaning: 'The same on text the model never trains on.',
  },
  perplexity: {
    label: 'Perplexity',
    unit: 'tokens',
    better: 'lower',
    meaning: 'e to the validation loss: among how many equally likely tokens the model hesitates.',
  },
  bits_per_byte: {
    label: 'Bits per byte',
    unit: 'bits per byte',
    better: 'lower',
    meaning: 'Validation loss per byte of text: the one loss that can be compared across tokenizers.',
  },
  mean_token_accuracy: {
    label: 'Token accuracy',
    unit: '',
    better: 'higher',
    meaning: 'Share of the counted tokens that were the likeliest one under the model, 0–1.',
  },
  eval_mean_token_accuracy: {
    label: 'Validation accuracy',
    unit: '',
    better: 'higher',
    meaning: 'The same on examples the model never trains on.',
  },
  entropy: {
    label: 'Entropy',
    unit: 'nats per token',
    better: 'neither',
    meaning:
      'How undecided the model is about the next token: 0 = certain. It falls as answers become habits.',
  },
  accuracy: {
    label: 'Accuracy',
    unit: '',
    better: 'higher',
    meaning:
      'How often the winning response scored higher in the pairs just trained on, 0–1; guessing is 0.5. Mean over prompts: each counts the same, however many pairs it has.',
  },
  eval_accuracy: {
    label: 'Validation accuracy',
    unit: '',
    better: 'higher',
    meaning:
      'The same on prompts the model never trains on, a mean over prompts too. The report on the model counts every pair the same, so its figure may differ a little.',
  },
  margin: {
    label: 'Margin',
    unit: '',
    better: 'higher',
    meaning: 'Mean of r_w − r_l: by how much winning responses outscore losing ones, before normalisation.',
  },
  eval_margin: {
    label: 'Validation margin',
    unit: '',
    better: 'higher',
    meaning: 'The same on prompts the model never trains on.',
  },
  min_reward: {
    label: 'Lowest reward',
    unit: '',
    better: 'neither',
    meaning: 'Lowest score in the batch, before normalisation.',
  },
  mean_reward: {
    label: 'Mean reward',
    unit: '',
    better: 'neither',
    meaning:
      'Mean score in the batch, before normalisation. Only differences are trained: where it lies means nothing.',
  },
  max_reward: {
    label: 'Highest reward',
    unit: '',
    better: 'neither',
    meaning: 'Highest score in the batch, before normalisation.',
  },
  epoch: {
    label: 'Epoch',
    unit: 'passes',
    better: 'neither',
    meaning: 'How often the training data was read so far.',
  },
  learning_rate: {
    label: 'Learning rate',
    unit: '',
    better: 'neither',
    meaning: 'How far this step moved the weights.',
  },
  grad_norm: {
    label: 'Gradient norm',
    unit: '',
    better: 'neither',
    meaning: 'Length of the gradient before clipping; spikes mean trouble.',
  },
  tokens_per_second: {
    label: 'Speed',
    unit: 'tokens/s',
    better: 'higher',
    meaning: 'Training tokens read per second.',
  },
  num_tokens: {
    label: 'Tokens seen',
    unit: 'tokens',
    better: 'neither',
    meaning: 'Training tokens read so far, repeats counted.',
  },
} as const satisfies Record<string, Metric>

export type MetricName = keyof typeof metrics

/** What loss means in phase 3: of pairs, not of tokens. */
const rewardMetrics: Readonly<Record<string, Metric>> = {
  loss: {
    label: 'Loss',
    unit: 'nats per prompt',
    better: 'lower',
    meaning:
      'Mean of −log σ(r_w − r_l) over the pairs of a prompt, averaged over the prompts just trained on. Guessing costs ln 2 = 0.693.',
  },
  eval_loss: {
    label: 'Validation loss',
    unit: 'nats per prompt',
    better: 'lower',
    meaning: 'The same on prompts the model never trains on.',
  },
}

/** A metric as a phase means it; undefined for a name that the table does not know. */
export function metricOf(name: string, phase?: string): Metric | undefined {
  if (phase === 'reward' && Object.hasOwn(rewardMetrics, name)) return rewardMetrics[name]
  return Object.hasOwn(metrics, name) ? metrics[name as MetricName] : undefined
}

/** Perplexity of a mean loss in nats per token. */
export const perplexity = (loss: number): number => Math.exp(loss)

/** Bits per byte: sum of nats over ln 2 times the bytes those tokens stand for; special tokens count in neither. */
export const bitsPerByte = (sumNats: number, sumBytes: number): number => sumNats / (Math.LN2 * sumBytes)

/** A 500-page book of 250 words a page at 4 tokens per 3 words, the article's yardstick: 2 T tokens ≈ 4 M books uses 500,000 tokens a book. */
export const TOKENS_PER_BOOK = 500_000
