// What a new evaluation is to be: its models, prompts, parts and judges, what is proposed until the person chooses, and
// why it cannot start yet.
import type {
  EvaluationJudge,
  EvaluationPart,
  EvaluationRequest,
} from '../../../../src-shared/contract/evaluation-contract.ts'
import {
  MOST_EVALUATED_MODELS,
  MOST_EVALUATED_PROMPTS,
} from '../../../../src-shared/contract/evaluation-contract.ts'
import type { CheckpointSummary, RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { bestOfNewestRun, usableModels } from '../../components/model-choice.ts'
import { formatCount } from '../../format.ts'
import { phases } from '../../phases.ts'
import { descentOf } from '../../run-descent.ts'

export type PromptsFrom = EvaluationRequest['prompts']['from']

export interface EvaluationDraft {
  /** Checkpoints; null = the proposed lineage. */
  readonly models: readonly string[] | null
  readonly from: PromptsFrom
  readonly split: 'test' | 'development'
  /** One prompt per line. */
  readonly typed: string
  /** Sets of demonstrations; null = all. */
  readonly sets: readonly string[] | null
  readonly limit: number | string
  readonly parts: readonly EvaluationPart[]
  readonly temperatures: readonly number[]
  readonly oracle: boolean
  /** Checkpoint of phase 3; null = none judges. */
  readonly rewardModel: string | null
  /** Lets it judge models that were trained to please it; its word is marked then. */
  readonly evenIfTrainedAgainst: boolean
}
/** As it is kept while it is typed: `from` is null until the person chooses. */
export type UnsettledDraft = Omit<EvaluationDraft, 'from'> & { readonly from: PromptsFrom | null }

/** Models that know a starter world are asked about it, others what the person types. */
export const settled = (draft: UnsettledDraft, world: number | null): EvaluationDraft => ({
  ...draft,
  from: draft.from ?? (world === null ? 'typed' : 'starter-world'),
})

export const newDraft: UnsettledDraft = {
  models: null,
  from: null,
  split: 'test',
  typed: '',
  sets: null,
  limit: 100,
  parts: ['tournament', 'truthfulness', 'ladder', 'tasks'],
  temperatures: [1, 0],
  oracle: true,
  rewardModel: null,
  evenIfTrainedAgainst: false,
}

/** Phases whose models write. */
export const writingPhases = ['pretrain', 'sft', 'ppo'] as const
const labels = { pretrain: 'base', sft: 'sft', reward: 'reward', ppo: 'rlhf' } as const

/** The checkpoint that a run started from; where it was deleted since, the best or newest of the same run. */
function parentOf(
  run: RunSummary | undefined,
  checkpoints: readonly CheckpointSummary[],
): CheckpointSummary | undefined {
  const id = run?.parentCheckpoint
  if (!id) return undefined
  const usable = usableModels(checkpoints, writingPhases)
  const kept = usable.filter(each => each.id === id || id.startsWith(`${each.run}-`))
  return kept.find(each => each.id === id) ?? kept.find(each => each.best) ?? kept[0]
}

/** Base, SFT and RLHF of one lineage, the newest; shorter where a phase was not reached. In the order of the phases. */
export function proposedLineage(
  checkpoints: readonly CheckpointSummary[],
  runs: readonly RunSummary[],
): CheckpointSummary[] {
  const last =
    bestOfNewestRun(checkpoints, ['ppo']) ??
    bestOfNewestRun(checkpoints, ['sft']) ??
    bestOfNewestRun(checkpoints, ['pretrain'])
  const lineage: CheckpointSummary[] = []
  for (
    let each = last;
    each && !lineage.includes(each);
    each = parentOf(
      runs.find(run => run.id === each!.run),
      checkpoints,
    )
  )
    lineage.unshift(each)
  return lineage
}

/** The chosen checkpoints that are still there, in the order of the phases, older before newer. */
export function chosenModels(
  { models }: Pick<EvaluationDraft, 'models'>,
  checkpoints: readonly CheckpointSummary[],
  runs: readonly RunSummary[],
): CheckpointSummary[] {
  if (models === null) return proposedLineage(checkpoints, runs)
  const phase = (each: CheckpointSummary) => phases.findIndex(({ id }) => id === each.phase)
  return usableModels(checkpoints, writingPhases)
    .filter(each => models.includes(each.id))
    .sort((a, b) => phase(a) - phase(b) || a.createdAt.localeCompare(b.createdAt) || a.step - b.step)
}

/**
 * Labels as the report will have them: `base`, `sft`, `rlhf` for the first of each phase, `sft · step 9` for another of its
 * run, else run and step.
 */
export function labelled(models: readonly CheckpointSummary[]): EvaluationRequest['models'] {
  const taken = new Set<string>()
  return models.map(({ id, phase, run, runName, step }, i) => {
    const first = models.find(each => each.phase === phase)!
    const place = `${first.run === run ? labels[phase] : [...runName].slice(0, 90).join('')} · step ${step}`
    const wanted = first === models[i] ? labels[phase] : place
    let label = wanted
    for (let n = 2; taken.has(label); n++) label = `${wanted} (${n})`
    taken.add(label)
    return { label, checkpoint: id }
  })
}

/** Without the starter world nobody here knows what is true. */
export const partsFor = ({ from, parts }: Pick<EvaluationDraft, 'from' | 'parts'>): EvaluationPart[] =>
  parts.filter(part => from === 'starter-world' || part === 'tournament' || part === 'ladder')

export const typedPrompts = (typed: string): string[] =>
  typed
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')

/**
 * Of the models that are compared, those whose reward this model was, by whatever checkpoint of its run: theirs, or that of
 * a run that they descend from.
 */
export const trainedAgainst = (
  rewardModel: Pick<CheckpointSummary, 'id' | 'run'> | undefined,
  models: readonly CheckpointSummary[],
  checkpoints: readonly CheckpointSummary[],
  runs: readonly RunSummary[],
): CheckpointSummary[] =>
  models.filter(model => {
    const own = runs.find(({ id }) => id === model.run)
    const rewards = own
      ? descentOf(own, checkpoints, runs).flatMap(({ data }) => data.ppo?.rewards ?? [])
      : []
    return rewards.some(
      reward =>
        reward.kind === 'reward-model' &&
        rewardModel !== undefined &&
        (reward.checkpoint === rewardModel.id || reward.checkpoint.startsWith(`${rewardModel.run}-step-`)),
    )
  })

export interface DraftContext {
  readonly models: readonly CheckpointSummary[]
  /** Seed of the starter world that the models know; null = none. */
  readonly world: number | null
  /** Sets of demonstrations that are there. */
  readonly sets: readonly string[]
  /** Of the chosen models, those that the judging reward model was the reward of. */
  readonly trainedAgainst: readonly CheckpointSummary[]
}

const setsOf = (draft: EvaluationDraft, { sets }: DraftContext): string[] =>
  sets.filter(set => draft.sets === null || draft.sets.includes(set))

/** Why it cannot start, as a sentence; null = it can. */
export function draftProblem(draft: EvaluationDraft, context: DraftContext): string | null {
  const { models, world } = context
  const parts = partsFor(draft)
  if (models.length === 0) return 'Choose at least one model.'
  if (models.length > MOST_EVALUATED_MODELS)
    return `At most ${MOST_EVALUATED_MODELS} models are compared at once.`
  if (parts.length === 0) return 'Choose at least one part.'
  if (draft.from === 'starter-world' && world === null) return 'These models know no starter world.'
  if (draft.from === 'typed') {
    const count = typedPrompts(draft.typed).length
    if (count === 0) return 'Type at least one prompt.'
    if (count > MOST_EVALUATED_PROMPTS)
      return `At most ${formatCount(MOST_EVALUATED_PROMPTS)} prompts are asked.`
  }
  if (draft.from === 'demonstrations') {
    if (setsOf(draft, context).length === 0) return 'Choose at least one set of demonstrations.'
    const { limit } = draft
    if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1 || limit > MOST_EVALUATED_PROMPTS)
      return `Prompts at most must be a whole number from 1 to ${formatCount(MOST_EVALUATED_PROMPTS)}.`
  }
  if (parts.includes('tournament')) {
    if (models.length < 2 && parts.length === 1) return 'A tournament compares two models or more.'
    if (draft.temperatures.length === 0) return 'Choose at least one temperature.'
    if (context.trainedAgainst.length > 0 && !draft.evenIfTrainedAgainst)
      return 'This reward model was what a compared model was trained to please: choose another judge, or let it be marked.'
  }
  return null
}

/** @throws nothing: only for drafts without a problem */
export function requestOf(draft: EvaluationDraft, context: DraftContext): EvaluationRequest {
  const parts = partsFor(draft)
  const judges: EvaluationJudge[] = [
    ...(draft.oracle && draft.from === 'starter-world' ? [{ by: 'oracle' as const }] : []),
    ...(draft.rewardModel
      ? [
          {
            by: 'reward-model' as const,
            checkpoint: draft.rewardModel,
            ...(context.trainedAgainst.length > 0 ? { evenIfTrainedAgainst: true } : {}),
          },
        ]
      : []),
  ]
  return {
    models: labelled(context.models),
    prompts:
      draft.from === 'starter-world'
        ? { from: 'starter-world', seed: context.world ?? 0, split: draft.split }
        : draft.from === 'typed'
          ? { from: 'typed', prompts: typedPrompts(draft.typed) }
          : { from: 'demonstrations', sets: setsOf(draft, context), limit: Number(draft.limit) },
    // A tournament of one is none.
    parts: context.models.length < 2 ? parts.filter(part => part !== 'tournament') : parts,
    temperatures: [...draft.temperatures],
    judges: parts.includes('tournament') ? judges : [],
  }
}
