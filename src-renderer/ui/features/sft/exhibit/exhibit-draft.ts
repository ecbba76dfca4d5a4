// What the exhibit is to ask: of whom, which questions, how often. What stands in the way of asking.
import type { CheckpointSummary, RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { usableModels } from '../../../components/model-choice.ts'
import { formatCount } from '../../../format.ts'

export interface ExhibitDraft {
  /** null = the base of the newest fine-tuned model, else the newest base. */
  readonly base: string | null
  /** null = the newest fine-tuned model. */
  readonly sft: string | null
  /** null = the core's suggestions for the base. */
  readonly questions: readonly string[] | null
  readonly repeats: number | string
  readonly temperature: number
  readonly maxTokens: number | string
  readonly seed: number | string
}
export const emptyDraft: ExhibitDraft = {
  base: null,
  sft: null,
  questions: null,
  repeats: 10,
  temperature: 1,
  maxTokens: 40,
  seed: 1,
}

const bestOrNewest = (checkpoints: readonly CheckpointSummary[]): CheckpointSummary | undefined =>
  checkpoints.find(c => c.best) ??
  checkpoints.reduce<CheckpointSummary | undefined>((a, c) => (a && a.step >= c.step ? a : c), undefined)

/** The two models that are asked; each as far as there is one. */
export function modelsOf(
  draft: Pick<ExhibitDraft, 'base' | 'sft'>,
  checkpoints: readonly CheckpointSummary[],
  runs: readonly Pick<RunSummary, 'id' | 'parentCheckpoint'>[],
): { base: CheckpointSummary | undefined; sft: CheckpointSummary | undefined } {
  const bases = usableModels(checkpoints, ['pretrain'])
  const tuned = usableModels(checkpoints, ['sft'])
  const sft = tuned.find(c => c.id === draft.sft) ?? bestOrNewest(tuned.filter(c => c.run === tuned[0]?.run))
  const parent = runs.find(run => run.id === sft?.run)?.parentCheckpoint
  const base =
    bases.find(c => c.id === draft.base) ??
    bases.find(c => c.id === parent) ??
    bestOrNewest(bases.filter(c => c.run === bases[0]?.run))
  return { base, sft }
}

/** As the contract takes them. */
const limits = { questions: 50, characters: 500, repeats: 100, tokens: 500 } as const

const wholeBetween = (value: unknown, from: number, to: number) =>
  typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to

/** Questions that are asked: lines that say something. */
export const askedQuestions = (questions: readonly string[]): string[] =>
  questions.map(question => question.trim()).filter(question => question !== '')

/** Why it cannot be asked, the nearest obstacle first; null = it can. */
export function exhibitProblem(draft: ExhibitDraft, questions: readonly string[]): string | null {
  const asked = askedQuestions(questions)
  if (asked.length === 0) return 'Write at least one question.'
  if (asked.length > limits.questions) return `Ask at most ${limits.questions} questions.`
  if (asked.some(question => question.length > limits.characters))
    return `A question has at most ${formatCount(limits.characters)} characters.`
  if (!wholeBetween(draft.repeats, 1, limits.repeats))
    return `Times must be a whole number from 1 to ${limits.repeats}.`
  if (!wholeBetween(draft.maxTokens, 1, limits.tokens))
    return `At most must be a whole number from 1 to ${limits.tokens}.`
  if (!wholeBetween(draft.seed, 0, Number.MAX_SAFE_INTEGER)) return 'Seed must be a whole number from 0 on.'
  return null
}
