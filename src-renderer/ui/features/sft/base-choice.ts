// Which model fine-tuning starts from: every checkpoint of phases 1 and 2, with where it comes from.
import type { CheckpointSummary, RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { checkpointLabel, usableModels } from '../../components/model-choice.ts'
import { visible } from '../../components/plain-text.tsx'
import { formatCompact, formatCount } from '../../format.ts'
import { dataTitle, descentOf } from '../../run-descent.ts'

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

/** Characters of a run's name that a narrow field has room for beside its step. */
const SHORT_NAME = 18

/** `the archip…ed 2 · step 938`: for a field that would cut off the end, by which checkpoints of a run differ. */
export function shortPlace(checkpoint: Pick<CheckpointSummary, 'runName' | 'step'>): string {
  const name = [...visible(checkpoint.runName)]
  const short =
    name.length <= SHORT_NAME
      ? name.join('')
      : `${name
          .slice(0, SHORT_NAME - 7)
          .join('')
          .trimEnd()}…${name.slice(-6).join('')}`
  return `${short} · step ${formatCount(checkpoint.step)}`
}

/** `bard · step 2,000`: where a run came from. */
export const placeOf = (checkpoint: Pick<CheckpointSummary, 'runName' | 'step'>): string =>
  `${visible(checkpoint.runName)} · step ${formatCount(checkpoint.step)}`

/** `0.84M parameters, context 256; made from the archipelago → archipelago 4x128`. */
export function baseSentence(
  checkpoint: CheckpointSummary,
  checkpoints: readonly CheckpointSummary[],
  runs: readonly RunSummary[],
): string {
  const own = runs.find(run => run.id === checkpoint.run)
  if (!own) return ''
  const road = descentOf(own, checkpoints, runs).flatMap(run => [dataTitle(run), run.name])
  return `${formatCompact(own.parameters)} parameters, context ${formatCount(own.model.contextLength)}. Made from: ${road
    .filter(Boolean)
    .map(visible)
    .join(' → ')}`
}
