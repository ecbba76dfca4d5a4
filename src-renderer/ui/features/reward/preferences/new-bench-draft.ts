// A bench in the making: which model answers, to what, how often. Pure: what is wrong with it, what it asks the core for,
// how much there is to sample.

import type { BenchReport } from '../../../../../src-shared/bench/report.ts'
import { benchSizes } from '../../../../../src-shared/bench/sizes.ts'
import { countParameters } from '../../../../../src-shared/config/model-config.ts'
import type { CheckpointSummary, LabMethods } from '../../../../../src-shared/contract/lab-contract.ts'
import type { InputOf } from '../../../../../src-shared/contract/method.ts'
import type { PreferenceSet } from '../../../../../src-shared/contract/preferences-contract.ts'
import { checkpointLabel, usableModels } from '../../../components/model-choice.ts'
import {
  newPrompts,
  type PromptDraft,
  type PromptSurroundings,
  promptsOf,
  promptsProblem,
} from '../../../components/prompts/prompt-draft.ts'
import { type SamplingDraft, samplingProblem } from '../../../components/sampling-draft.ts'
import { formatCount, formatCounted } from '../../../format.ts'

export interface BenchDraft extends PromptDraft {
  /** null = the one that is proposed. */
  readonly checkpoint: string | null
  readonly responses: number
  readonly sampling: SamplingDraft
  /** The person chose how long answers may be; else `sampling` does not say, but the model's context does. */
  readonly lengthChosen: boolean
  readonly name: string
}

/** InstructGPT's labelers ranked 4 to 9 responses (Ouyang et al. 2022 §3.5); 4 are read in a moment. */
export const FEWEST_RESPONSES = 2
export const MOST_RESPONSES = 9

export const newDraft = (from: BenchDraft['from']): BenchDraft => ({
  ...newPrompts(from),
  checkpoint: null,
  responses: 4,
  sampling: { temperature: 1, topP: 1, topK: 0, maxTokens: 64, seed: 1 },
  lengthChosen: false,
  name: '',
})

/** The same settings again, with another seed: the same one would sample the same. */
export const draftLike = (
  bench: NonNullable<PreferenceSet['bench']>,
  from: BenchDraft['from'],
): BenchDraft => ({
  ...newDraft(from),
  checkpoint: bench.checkpoint,
  responses: bench.responses,
  sampling: { ...bench.sampling, seed: bench.sampling.seed + 1 },
  lengthChosen: true,
})

/** Answers that people like to read, and that leave the prompt its half of the context. */
const USUAL_LENGTH = 96
/** The draft with the length of answers that is proposed for a model, until a person chose one. */
export const withLength = (draft: BenchDraft, contextLength: number | undefined): BenchDraft =>
  draft.lengthChosen || contextLength === undefined
    ? draft
    : {
        ...draft,
        sampling: {
          ...draft.sampling,
          maxTokens: Math.max(1, Math.min(USUAL_LENGTH, Math.floor(contextLength / 2))),
        },
      }

/** Models that can answer, those that learnt it first; a scoring function writes nothing. */
export const answeringModels = (checkpoints: readonly CheckpointSummary[]) =>
  [
    { group: 'Fine-tuned', of: 'sft' },
    { group: 'After reinforcement learning', of: 'ppo' },
    { group: 'Base models, which only continue', of: 'pretrain' },
  ].flatMap(({ group, of }) => {
    const items = usableModels(checkpoints, ['sft', 'ppo', 'pretrain'])
      .filter(each => each.phase === of)
      .map(each => ({ value: each.id, label: checkpointLabel(each) }))
    return items.length > 0 ? [{ group, items }] : []
  })

/** Everything the draft is judged by that is not in it. */
export interface BenchSurroundings extends PromptSurroundings {
  readonly checkpoint: CheckpointSummary | undefined
}

/** The first thing that keeps the bench from being started, as a sentence; null = nothing. */
export function benchProblem(
  draft: BenchDraft,
  { checkpoint, demonstrations, world }: BenchSurroundings,
): string | null {
  if (!checkpoint) return 'Choose a model that answers first'
  return promptsProblem(draft, { demonstrations, world }) ?? samplingProblem(draft.sampling)
}

/** What the core is asked for. The draft has no problem. */
export function requestOf(
  draft: BenchDraft,
  { checkpoint, demonstrations, world }: BenchSurroundings,
): InputOf<LabMethods['ranking.create']> {
  const { responses, sampling } = draft
  const { temperature, topP, topK, maxTokens, seed } = sampling
  return {
    ...(draft.name.trim() === '' ? {} : { name: draft.name.trim() }),
    checkpoint: checkpoint!.id,
    prompts: promptsOf(draft, { demonstrations, world }),
    responses,
    sampling: { temperature, topP, topK: Number(topK), maxTokens: Number(maxTokens), seed: Number(seed) },
  }
}

/** What was measured last on this device, and what is asked of it now. */
interface SamplingCost {
  readonly answers: number
  readonly maxTokens: number
  readonly parameters: number
  readonly report: Pick<BenchReport, 'results'> | undefined
}

/**
 * Minutes that sampling takes at most, from the device's measured writing speed, scaled by the size of the model; null
 * where the device was not measured.
 */
export function samplingMinutes({ answers, maxTokens, parameters, report }: SamplingCost): number | null {
  const sizes = Object.values(benchSizes)
  const measured = (report?.results ?? [])
    .filter(({ mode, kernels }) => mode === 'generate' && kernels !== 'stock')
    .flatMap(({ size, tokensPerSecond }) => {
      const model = sizes.find(each => each.name === size)?.model
      return model ? [{ tokensPerSecond, parameters: countParameters(model).total }] : []
    })
    .sort(
      (a, b) =>
        Math.abs(Math.log(a.parameters / parameters)) - Math.abs(Math.log(b.parameters / parameters)) ||
        b.tokensPerSecond - a.tokensPerSecond,
    )
  const [nearest] = measured
  if (!nearest || parameters <= 0) return null
  return (answers * maxTokens * (parameters / nearest.parameters)) / nearest.tokensPerSecond / 60
}

/** `100 prompts of 4 answers: 400 answers to sample`. */
export const answersSentence = (prompts: number | null, responses: number): string =>
  prompts === null
    ? `${formatCount(responses)} answers to every prompt of the files.`
    : `${formatCounted(prompts, 'prompt')}, ${formatCount(responses)} answers each: ${formatCounted(prompts * responses, 'answer')} to sample.`
