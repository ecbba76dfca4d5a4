// How a checkpoint that a run starts from is named: where room is short, in a table, and with all that it was made from.
import type { CheckpointSummary, RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { formatCompact, formatCount } from '../../format.ts'
import { dataTitle, descentOf } from '../../run-descent.ts'
import { visible } from '../plain-text.tsx'

/** Characters of a run's name that a narrow field has room for beside its step. */
const SHORT_NAME = 18

/**
 * `the archip…ed 2 · step 938`: for a field that would cut off the end, by which checkpoints of a run differ.
 * @param room characters that the name may take
 */
export function shortPlace(
  checkpoint: Pick<CheckpointSummary, 'runName' | 'step'>,
  room: number = SHORT_NAME,
): string {
  const name = [...visible(checkpoint.runName)]
  const most = Math.max(SHORT_NAME, room)
  const short =
    name.length <= most
      ? name.join('')
      : `${name
          .slice(0, most - 7)
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
