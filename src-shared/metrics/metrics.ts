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
  epoch: {
    label: 'Epoch',
    unit: 'passes',
    better: 'neither',
    meaning: 'How often the demonstrations were read so far.',
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

/** Perplexity of a mean loss in nats per token. */
export const perplexity = (loss: number): number => Math.exp(loss)

/** Bits per byte: sum of nats over ln 2 times the bytes those tokens stand for; special tokens count in neither. */
export const bitsPerByte = (sumNats: number, sumBytes: number): number => sumNats / (Math.LN2 * sumBytes)

/** A 500-page book of 250 words a page at 4 tokens per 3 words, the article's yardstick: 2 T tokens ≈ 4 M books uses 500,000 tokens a book. */
export const TOKENS_PER_BOOK = 500_000
