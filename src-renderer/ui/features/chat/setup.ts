// Who takes part in a conversation and how: up to four columns, each a checkpoint, a mode and its sampling settings.
import type { ChatColumn, ChatMode, ChatSampling } from '../../../../src-shared/contract/chat-contract.ts'
import type { CheckpointSummary, RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { samplingPresets } from '../../../../src-shared/sampling/presets.ts'
import { usableModels } from '../../components/model-choice.ts'
import { phases } from '../../phases.ts'

export interface ChatSetup {
  readonly columns: ChatColumn[]
  readonly system: string
  /** One set of sampling settings for all columns. */
  readonly linked: boolean
  readonly blind: boolean
}

/** Of a conversation that has not begun, but for who takes part. */
export const freshSetup = { system: '', linked: true, blind: false } as const

export const MOST_COLUMNS = 4

/** A reward model scores; it does not write. */
const chatPhases = phases.filter(phase => phase.id !== 'reward').map(phase => phase.id)

/** Checkpoints that can be talked to, newest first. */
export const chatModels = (checkpoints: readonly CheckpointSummary[]): CheckpointSummary[] =>
  usableModels(checkpoints, chatPhases)

const { temperature, topK, topP } = samplingPresets.find(preset => preset.name === 'Balanced')!
export const firstSampling: ChatSampling = { maxTokens: 200, temperature, topK, topP }

/** A base has never seen the template: as text to be continued it shows what it is. */
export const firstMode = (checkpoint: Pick<CheckpointSummary, 'phase'>): ChatMode =>
  checkpoint.phase === 'pretrain' ? 'raw' : 'template'

const columnFor = (checkpoint: CheckpointSummary, sampling = firstSampling): ChatColumn => ({
  checkpoint: checkpoint.id,
  mode: firstMode(checkpoint),
  sampling,
})

/** The one to talk to of a run: its best where it was evaluated, else its newest. */
const bestOf = (models: readonly CheckpointSummary[], run: string): CheckpointSummary | undefined => {
  const own = models.filter(model => model.run === run)
  return own.find(model => model.best) ?? own[0]
}

/** The models that one was made from, the base first, itself last: as far as they are there, and columns go. */
function lineOf(
  chosen: CheckpointSummary,
  models: readonly CheckpointSummary[],
  runs: readonly RunSummary[],
): CheckpointSummary[] {
  const line = [chosen]
  while (line.length < MOST_COLUMNS && line[0]!.phase !== 'pretrain') {
    const parent = runs.find(run => run.id === line[0]!.run)?.parentCheckpoint
    const before =
      models.find(model => model.id === parent) ?? models.find(model => model.phase === 'pretrain')
    if (!before || line.includes(before)) break
    line.unshift(before)
  }
  return line
}

/**
 * base | SFT | RLHF: the newest RLHF model, the fine-tuned one that it started from, and the base of this.
 * @returns with the phase that is missing, where there is no such model yet: what there is of it
 */
export function wholeLine(
  checkpoints: readonly CheckpointSummary[],
  runs: readonly RunSummary[],
): { columns: ChatColumn[]; missing: 'pretrain' | 'sft' | 'ppo' | null } {
  const models = chatModels(checkpoints)
  const newest = (phase: CheckpointSummary['phase']) => models.find(model => model.phase === phase)
  const last = newest('ppo') ?? newest('sft') ?? newest('pretrain')
  if (!last) return { columns: [], missing: 'pretrain' }
  const line = lineOf(bestOf(models, last.run)!, models, runs)
  const missing = last.phase === 'ppo' ? null : last.phase === 'sft' ? 'ppo' : 'sft'
  return { columns: line.map(model => columnFor(model)), missing }
}

/**
 * The article's comparison wherever it can be made: the newest model of a later phase beside those it was made from. With
 * base models only, the newest alone; empty without any.
 * @param asked a run that is to be talked to instead of the newest, as far as it has a model
 */
export function firstColumns(
  checkpoints: readonly CheckpointSummary[],
  runs: readonly RunSummary[],
  asked?: string,
): ChatColumn[] {
  const models = chatModels(checkpoints)
  const newest =
    models.find(model => model.run === asked) ?? models.find(model => model.phase !== 'pretrain') ?? models[0]
  if (!newest) return []
  return lineOf(bestOf(models, newest.run)!, models, runs).map(model => columnFor(model))
}

/**
 * Columns for a conversation that has not begun: in the place of a model that is gone stands one that is proposed, with
 * the column's sampling settings, or nothing where all of these take part already.
 */
export function withoutGone(
  columns: readonly ChatColumn[],
  models: readonly CheckpointSummary[],
  proposed: readonly ChatColumn[],
): ChatColumn[] {
  const there = (checkpoint: string) => models.some(model => model.id === checkpoint)
  const taken = new Set(columns.map(column => column.checkpoint).filter(there))
  return columns.flatMap(column => {
    if (there(column.checkpoint)) return [column]
    const other = proposed.findLast(each => !taken.has(each.checkpoint))
    if (!other) return []
    taken.add(other.checkpoint)
    return [{ ...other, sampling: column.sampling }]
  })
}

/** One more column: a model that is not there yet, with the first column's settings. */
export function withOneMore(
  columns: readonly ChatColumn[],
  models: readonly CheckpointSummary[],
): ChatColumn[] {
  const taken = new Set(columns.map(column => column.checkpoint))
  const next = models.find(model => !taken.has(model.id)) ?? models[0]
  return next && columns.length < MOST_COLUMNS
    ? [...columns, columnFor(next, columns[0]?.sampling)]
    : [...columns]
}

/** Another checkpoint in a column; the mode follows where the phase changes. */
export const withCheckpoint = (
  columns: readonly ChatColumn[],
  index: number,
  checkpoint: CheckpointSummary,
  before: CheckpointSummary | undefined,
): ChatColumn[] =>
  columns.map((column, i) =>
    i !== index
      ? column
      : {
          ...column,
          checkpoint: checkpoint.id,
          mode: before && firstMode(before) === firstMode(checkpoint) ? column.mode : firstMode(checkpoint),
        },
  )

/** Sampling settings of one column, or of all while they are linked. */
export const withSampling = (setup: ChatSetup, index: number, sampling: ChatSampling): ChatColumn[] =>
  setup.columns.map((column, i) => (setup.linked || i === index ? { ...column, sampling } : column))

/** Linking takes the settings of one column for all. */
export const withLinked = (setup: ChatSetup, index: number, linked: boolean): Partial<ChatSetup> => ({
  linked,
  ...(linked
    ? { columns: setup.columns.map(column => ({ ...column, sampling: setup.columns[index]!.sampling })) }
    : {}),
})

/** Why nothing can be sent to these columns, as a sentence, or null. */
export function setupProblem(
  columns: readonly ChatColumn[],
  models: readonly CheckpointSummary[],
): string | null {
  if (columns.length === 0) return 'Choose a model first.'
  const gone = columns.findIndex(column => !models.some(model => model.id === column.checkpoint))
  if (gone < 0) return null
  return columns.length === 1
    ? 'The model of this conversation is gone: choose another one.'
    : `The model of column ${gone + 1} is gone: choose another one.`
}
