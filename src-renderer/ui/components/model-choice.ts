// Which model the playground asks: one checkpoint, until the person chooses another, or knowingly the newest of a run.
import type { CheckpointSummary } from '../../../src-shared/contract/lab-contract.ts'
import { formatCount, formatNumber } from '../format.ts'
import { visible } from './plain-text.tsx'

export type ModelChoice =
  /** As it was when it was chosen: retention may delete it while its run trains on. */
  | { readonly kind: 'checkpoint'; readonly checkpoint: CheckpointSummary }
  | { readonly kind: 'newest'; readonly run: string; readonly runName: string }

export interface ChosenModel {
  /** null = the choice cannot be asked now; `gone` says why. */
  readonly checkpoint: CheckpointSummary | null
  readonly gone: string | null
  /** What the choice's run has instead. */
  readonly newestOfRun: CheckpointSummary | null
}

/** Models of these phases that can be asked, newest first; without phases the base models. */
export const usableModels = (
  checkpoints: readonly CheckpointSummary[],
  phases: readonly CheckpointSummary['phase'][] = ['pretrain'],
): CheckpointSummary[] =>
  checkpoints
    .filter(c => phases.includes(c.phase) && c.status === 'verified')
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt) || b.step - a.step)

/** What stands chosen until the person chooses: of the newest run of these phases its best model, else its newest. */
export function bestOfNewestRun(
  checkpoints: readonly CheckpointSummary[],
  phases: readonly CheckpointSummary['phase'][],
): CheckpointSummary | undefined {
  const models = usableModels(checkpoints, phases)
  const ofNewestRun = models.filter(model => model.run === models[0]?.run)
  return (
    ofNewestRun.find(model => model.best) ??
    ofNewestRun.reduce<CheckpointSummary | undefined>((a, b) => (a && a.step >= b.step ? a : b), undefined)
  )
}

export const runOf = (choice: ModelChoice): string =>
  choice.kind === 'checkpoint' ? choice.checkpoint.run : choice.run

/** The choice in the list as it stands now; nothing else ever takes the place of a checkpoint that is gone. */
export function chosenModel(choice: ModelChoice, checkpoints: readonly CheckpointSummary[]): ChosenModel {
  const newestOfRun = usableModels(checkpoints)
    .filter(c => c.run === runOf(choice))
    .reduce<CheckpointSummary | null>((a, c) => (a && a.step >= c.step ? a : c), null)
  if (choice.kind === 'newest')
    return {
      checkpoint: newestOfRun,
      gone: newestOfRun ? null : `The run “${visible(choice.runName)}” has no checkpoint that can be used.`,
      newestOfRun,
    }
  const { id } = choice.checkpoint
  const listed = checkpoints.find(c => c.id === id)
  if (listed?.status === 'verified') return { checkpoint: listed, gone: null, newestOfRun }
  const name = `“${lostLabel(choice.checkpoint)}”`
  const gone =
    listed?.status === 'damaged'
      ? `The files of ${name} are damaged.`
      : listed?.status === 'missing'
        ? `The files of ${name} are missing.`
        : newestOfRun
          ? `${name} was deleted: a run keeps its newest checkpoints and its best.`
          : `${name} was removed with its run.`
  return { checkpoint: null, gone, newestOfRun }
}

const facts = (c: CheckpointSummary): string =>
  `step ${formatCount(c.step)}${c.evalLoss === null ? '' : ` · loss ${formatNumber(c.evalLoss)}`}${c.best ? ' · best' : ''}`

export const checkpointLabel = (c: CheckpointSummary): string => `${visible(c.runName)} · ${facts(c)}`

/** It may have been the best when it was chosen; the best is never deleted. */
const lostLabel = (c: CheckpointSummary): string => checkpointLabel({ ...c, best: false })

const NEWEST = 'newest of '
const valueFor = (choice: ModelChoice): string =>
  choice.kind === 'newest' ? NEWEST + choice.run : choice.checkpoint.id

/** The choices as a list in groups, the current one among them even when it is gone, and a value's way back. */
export function modelOptions(choice: ModelChoice, checkpoints: readonly CheckpointSummary[]) {
  const usable = usableModels(checkpoints)
  const newest = new Map<string, CheckpointSummary>()
  for (const c of usable) if (c.step > (newest.get(c.run)?.step ?? -1)) newest.set(c.run, c)
  const following = [...newest.values()].map(c => ({
    value: NEWEST + c.run,
    label: `Newest of ${visible(c.runName)} · now ${facts(c)}`,
  }))
  const fixed = usable.map(c => ({ value: c.id, label: checkpointLabel(c) }))
  const value = valueFor(choice)
  const there = [...following, ...fixed].some(option => option.value === value)
  const lost = {
    value,
    label:
      choice.kind === 'checkpoint'
        ? `${lostLabel(choice.checkpoint)} (gone)`
        : `Newest of ${visible(choice.runName)} (gone)`,
    disabled: true,
  }
  return {
    value,
    data: [
      ...(there ? [] : [lost]),
      { group: 'One checkpoint', items: fixed },
      { group: 'Changes while the run trains', items: following },
    ],
    choiceFor(picked: string): ModelChoice | null {
      const one = usable.find(c => c.id === picked)
      if (one) return { kind: 'checkpoint', checkpoint: one }
      const followed = [...newest.values()].find(c => NEWEST + c.run === picked)
      return followed ? { kind: 'newest', run: followed.run, runName: followed.runName } : null
    },
  }
}
