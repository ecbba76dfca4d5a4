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
  'objective/scores': {
    label: 'Reward',
    unit: '',
    better: 'higher',
    meaning: 'Mean score of the answers just written, missing ends charged, before the KL charge.',
  },
  'objective/scores_std': {
    label: 'Spread of rewards',
    unit: '',
    better: 'neither',
    meaning: 'Standard deviation of the scores: near 0 there is nothing to learn from.',
  },
  'objective/kl': {
    label: 'KL',
    unit: 'nats per answer',
    better: 'neither',
    meaning:
      'How far the model has moved from the fine-tuned one: Σ log π(token) − log π_SFT(token) over an answer, mean over answers. 0 at the start, and should rise slowly.',
  },
  'objective/kl_k3': {
    label: 'KL, steadier estimate (k3)',
    unit: 'nats per answer',
    better: 'neither',
    meaning:
      'The same from r − 1 − log r, r = π_SFT/π: right on the mean too, never negative, and less noisy (Schulman 2020).',
  },
  'objective/non_score_reward': {
    label: 'KL charge',
    unit: 'reward per answer',
    better: 'higher',
    meaning: '−β times the KL, mean over answers.',
  },
  'objective/rlhf_reward': {
    label: 'Reward − β·KL',
    unit: '',
    better: 'higher',
    meaning: 'What PPO maximises: the reward less the KL charge.',
  },
  'objective/entropy': {
    label: 'Surprise of an answer',
    unit: 'nats per answer',
    better: 'neither',
    meaning: '−log probability of the answers just written, mean over answers.',
  },
  'objective/kl_coef': {
    label: 'KL coefficient β',
    unit: 'reward per nat',
    better: 'neither',
    meaning: 'What a nat of KL cost in this update.',
  },
  'policy/approxkl_avg': {
    label: 'Approx-KL',
    unit: 'nats per token',
    better: 'neither',
    meaning: 'How far the epochs of this update moved the policy: mean of ½(Δ log-prob)².',
  },
  'policy/clipfrac_avg': {
    label: 'Clipped',
    unit: '',
    better: 'neither',
    meaning: 'Share of the tokens whose gradient clipping stopped, 0–1.',
  },
  'policy/entropy_avg': {
    label: 'Entropy',
    unit: 'nats per token',
    better: 'neither',
    meaning:
      'How undecided the policy is about its next token. It falls as it settles; near 0 it tries nothing any more.',
  },
  'loss/policy_avg': {
    label: 'Policy loss',
    unit: '',
    better: 'lower',
    meaning: 'Mean of max(−A·ratio, −A·clip(ratio)) over the epochs of this update.',
  },
  'loss/value_avg': {
    label: 'Value loss',
    unit: 'reward²',
    better: 'lower',
    meaning: 'Half the squared error of the value model, clipped, over the epochs of this update.',
  },
  'val/clipfrac_avg': {
    label: 'Values clipped',
    unit: '',
    better: 'neither',
    meaning: 'Share of the tokens whose value loss was the clipped one, 0–1.',
  },
  'val/ratio': {
    label: 'Ratio',
    unit: '',
    better: 'neither',
    meaning: 'New over old probability of the tokens, mean over the epochs. Should stay near 1.',
  },
  'val/ratio_var': {
    label: 'Variance of the ratio',
    unit: '',
    better: 'neither',
    meaning: 'How far the minibatches’ mean ratios lie apart.',
  },
  'val/first_log_ratio': {
    label: 'First log ratio',
    unit: 'nats',
    better: 'lower',
    meaning:
      'Largest |log ratio| in the first minibatch of the update, before anything was learnt: rounding alone.',
  },
  'val/num_eos_tokens': {
    label: 'Ends',
    unit: 'answers',
    better: 'higher',
    meaning: 'Answers of this update that ended by themselves.',
  },
  'val/vpred': {
    label: 'Mean value',
    unit: 'reward',
    better: 'neither',
    meaning: 'What the value model expects, mean over tokens.',
  },
  'val/error': {
    label: 'Value error',
    unit: 'reward²',
    better: 'lower',
    meaning: 'Mean squared distance of value and return before the update.',
  },
  'val/advantage': {
    label: 'Mean advantage',
    unit: '',
    better: 'neither',
    meaning: 'After whitening: 0 but for rounding.',
  },
  'returns/mean': {
    label: 'Mean return',
    unit: 'reward',
    better: 'higher',
    meaning: 'Advantage plus value, mean over tokens.',
  },
  'returns/var': {
    label: 'Variance of returns',
    unit: 'reward²',
    better: 'neither',
    meaning: 'Beside the value error: what the value model does not explain.',
  },
  'response/length': {
    label: 'Answer length',
    unit: 'tokens',
    better: 'neither',
    meaning: 'Mean over the answers just written, with the token that ends them.',
  },
  'response/eos_rate': {
    label: 'Ends by itself',
    unit: '',
    better: 'higher',
    meaning: 'Share of the answers with an end token, 0–1.',
  },
  'response/repetition': {
    label: 'Repetition',
    unit: '',
    better: 'lower',
    meaning: 'Share of 3-token runs within an answer that stood in it before, 0–1.',
  },
  'response/top_share': {
    label: 'Commonest answer',
    unit: '',
    better: 'neither',
    meaning:
      'Share of the answers that are, token for token, the commonest one, 0–1. When it climbs, everything gets one answer.',
  },
  ptx_loss: {
    label: 'Pre-training loss',
    unit: 'nats per token',
    better: 'lower',
    meaning: 'Loss of phase 1 on its texts, where they are mixed in.',
  },
  eval_score: {
    label: 'Held-out reward',
    unit: '',
    better: 'higher',
    meaning:
      'Mean reward on prompts that PPO never trains on, before the KL charge. In the starter world a third each are about facts, names of nobody and tasks, other shares than in training: compare it with its own beginning, not with the reward.',
  },
  eval_kl: {
    label: 'Held-out KL',
    unit: 'nats per answer',
    better: 'neither',
    meaning: 'KL against the fine-tuned model on prompts that PPO never trains on.',
  },
  eval_win_rate: {
    label: 'Win rate',
    unit: '',
    better: 'higher',
    meaning:
      'Over the fine-tuned model on held-out prompts, by the starter world’s oracle, which is not the reward model: wins / (wins + losses), 0–1.',
  },
  episode: {
    label: 'Episodes',
    unit: 'answers',
    better: 'neither',
    meaning: 'Answers written so far.',
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

/** What they mean in phase 4. */
const ppoMetrics: Readonly<Record<string, Metric>> = {
  loss: {
    label: 'Loss',
    unit: '',
    better: 'lower',
    meaning: 'Policy loss plus the weighted value loss, over the epochs of this update.',
  },
  eval_loss: {
    label: 'Lost at most, against the fine-tuned model',
    unit: '',
    better: 'lower',
    meaning:
      'Share of the decided comparisons that it may have lost, 0–1, by the interval’s far end, among facts, names of nobody or tasks, wherever that is most: what gives every question one answer may win on the whole, but not everywhere, and one win is no proof.',
  },
  tokens_per_second: {
    label: 'Speed',
    unit: 'tokens/s',
    better: 'higher',
    meaning: 'Tokens of prompts and answers, written, scored and learnt from, per second.',
  },
}

/** A metric as a phase means it; undefined for a name that the table does not know. */
export function metricOf(name: string, phase?: string): Metric | undefined {
  if (phase === 'reward' && Object.hasOwn(rewardMetrics, name)) return rewardMetrics[name]
  if (phase === 'ppo' && Object.hasOwn(ppoMetrics, name)) return ppoMetrics[name]
  return Object.hasOwn(metrics, name) ? metrics[name as MetricName] : undefined
}

/** Perplexity of a mean loss in nats per token. */
export const perplexity = (loss: number): number => Math.exp(loss)

/** Bits per byte: sum of nats over ln 2 times the bytes those tokens stand for; special tokens count in neither. */
export const bitsPerByte = (sumNats: number, sumBytes: number): number => sumNats / (Math.LN2 * sumBytes)

/** A 500-page book of 250 words a page at 4 tokens per 3 words, the article's yardstick: 2 T tokens ≈ 4 M books uses 500,000 tokens a book. */
export const TOKENS_PER_BOOK = 500_000
