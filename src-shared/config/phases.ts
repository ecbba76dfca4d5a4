// The four phases in the article's words: what each is for, what goes in, what is optimised, what comes out, how big.
import type { RunSummary } from '../contract/lab-contract.ts'

export type PhaseId = RunSummary['phase']

export interface Phase {
  readonly id: PhaseId
  readonly number: 1 | 2 | 3 | 4
  readonly title: string
  /** Where room is short: the rail. */
  readonly short: string
  /** Mantine colour of everything that belongs to the phase. */
  readonly accent: 'indigo' | 'teal' | 'amber' | 'violet'
  /** One sentence: what this phase is for. */
  readonly purpose: string
  readonly data: string
  readonly objective: string
  /** TeX. */
  readonly formula: string
  /** The formula in words, for screen readers and for hover. */
  readonly formulaMeaning: string
  readonly model: string
  /** What the big ones use. */
  readonly scale: string
}

export const phases: readonly Phase[] = [
  {
    id: 'pretrain',
    number: 1,
    title: 'Pre-training',
    short: 'Pre-training',
    accent: 'indigo',
    purpose: 'Learn language and facts by predicting the next token of large amounts of unsorted text.',
    data: 'High quantity, low quality text',
    objective: 'Language modelling',
    formula: String.raw`\min_\theta\; -\sum_t \log p_\theta(x_t \mid x_{<t})`,
    formulaMeaning:
      'Make every next token as likely as possible, given the tokens before it (cross-entropy).',
    model: 'Base GPT',
    scale: 'GPT-3: 0.5 T tokens, LLaMA-2: 2 T',
  },
  {
    id: 'sft',
    number: 2,
    title: 'Supervised fine-tuning',
    short: 'Fine-tuning',
    accent: 'teal',
    purpose: 'Show the base model how to respond, with demonstrations.',
    data: '{prompt, response} pairs',
    objective: 'The same loss, on the response only',
    formula: String.raw`\min_\theta\; -\sum_{t \in \text{response}} \log p_\theta(y_t \mid x, y_{<t})`,
    formulaMeaning: 'Make every token of the demonstrated response as likely as possible, given the prompt.',
    model: 'SFT GPT',
    scale: '10 K to 100 K pairs',
  },
  {
    id: 'reward',
    number: 3,
    title: 'Reward modelling',
    short: 'Reward model',
    accent: 'amber',
    purpose: 'Learn a score from people ranking responses: ranking is easier than writing.',
    data: 'Rankings: {prompt, winning, losing}',
    objective: 'Score the winner above the loser',
    formula: String.raw`\min_\phi\; -\tfrac{1}{C(K,2)} \sum \log \sigma(r_w - r_l)`,
    formulaMeaning:
      'Make the score of the winning response exceed that of the losing one, in all pairs of the K ranked responses to a prompt; σ turns the difference into the probability that the winner is preferred.',
    model: 'A scoring function',
    scale: '100 K to 1 M comparisons',
  },
  {
    id: 'ppo',
    number: 4,
    title: 'Reinforcement learning',
    short: 'Reinforcement',
    accent: 'violet',
    purpose: 'Let the model try, score what it says, and strengthen what scores well without drifting away.',
    data: 'Prompts',
    objective: 'Maximise reward near the SFT model',
    formula: String.raw`\max_\theta\; \mathbb{E}\,[r_\phi(x,y)] - \beta\,\mathrm{KL}(\pi_\theta \,\|\, \pi_{\mathrm{SFT}})`,
    formulaMeaning: 'Raise the expected reward, minus a charge for moving away from the SFT model (PPO).',
    model: 'RLHF GPT',
    scale: '10 K to 100 K prompts',
  },
]

export const phaseOf = (id: PhaseId): Phase => phases.find(phase => phase.id === id)!
