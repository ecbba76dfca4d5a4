// Which model fine-tuning starts from: every checkpoint of phases 1 and 2, with where it comes from.
import type { CheckpointSummary, RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { checkpointLabel, usableModels } from '../../components/model-choice.ts'
import { visible } from '../../components/plain-text.tsx'
import { formatCompact, formatCount } from '../../format.ts'

/** Checkpoints that can be fine-tuned, newest first. */
export const possibleBases = (checkpoints: readonly CheckpointSummary[]): CheckpointSummary[] =>
  usableModels(checkpoints, ['pretrain', 'sft'])

/** What stands chosen until the person chooses: the best of the newest base model, else its newest. */
export function defaultBase(checkpoints: readonly CheckpointSummary[]): CheckpointSummary | undefined {
  const bases = usableModels(checkpoints, ['pretrain'])
  const ofNewestRun = bases.filter(c => c.run === bases[0]?.run)
  return ofNewestRun.find(c => c.best) ?? ofNewestRun.reduce<CheckpointSummary | undefined>(later, undefined)
}
const later = (a: CheckpointSummary | undefined, b: CheckpointSummary) => (a && a.step >= b.step ? a : b)

/** A select's groups: base models, then models that are fine-tuned already. */
export function baseOptions(checkpoints: readonly CheckpointSummary[]) {
  const bases = possibleBases(checkpoints)
  return [
    { group: 'Base models', of: 'pretrain' },
    { group: 'Fine-tuned already', of: 'sft' },
  ].flatMap(({ group, of }) => {
    const items = bases.filter(c => c.phase === of).map(c => ({ value: c.id, label: checkpointLabel(c) }))
    return items.length > 0 ? [{ group, items }] : []
  })
}

/** `bard · step 2,000`: where a run came from. */
export const placeOf = (checkpoint: Pick<CheckpointSummary, 'runName' | 'step'>): string =>
  `${visible(checkpoint.runName)} · step ${formatCount(checkpoint.step)}`

/** The runs that a checkpoint descends from, first to last, its own included. Ends where one is no longer listed. */
export function descentOf(
  checkpoint: Pick<CheckpointSummary, 'run'>,
  checkpoints: readonly Pick<CheckpointSummary, 'id' | 'run'>[],
  runs: readonly RunSummary[],
): RunSummary[] {
  const descent: RunSummary[] = []
  let next = runs.find(run => run.id === checkpoint.run)
  while (next && !descent.includes(next)) {
    descent.unshift(next)
    const parent = checkpoints.find(each => each.id === next!.parentCheckpoint)
    next = parent && runs.find(run => run.id === parent.run)
  }
  return descent
}

/** `0.84M parameters, context 256; made from the archipelago → archipelago 4x128`. */
export function baseSentence(
  checkpoint: CheckpointSummary,
  checkpoints: readonly CheckpointSummary[],
  runs: readonly RunSummary[],
): string {
  const descent = descentOf(checkpoint, checkpoints, runs)
  const own = descent.at(-1)
  if (!own) return ''
  const sources = descent[0]!.data.sources.map(source => visible(source.name))
  const texts =
    sources.length > 2 ? `${sources[0]} and ${formatCount(sources.length - 1)} more` : sources.join(' and ')
  const road = [texts, ...descent.map(run => visible(run.name))].filter(Boolean).join(' → ')
  return `${formatCompact(own.parameters)} parameters, context ${formatCount(own.model.contextLength)}. Made from: ${road}`
}
