// The order and the choice of runs in the table: pure.
import type { CheckpointSummary, RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import type { Sort } from '../../components/virtual-table.tsx'
import { formatCount } from '../../format.ts'
import { dataNames, dataTitle, descentOf } from '../../run-descent.ts'

export interface RunFilter {
  /** Words that must all stand in the name, tags, notes or sources, in any case. */
  readonly text: string
  readonly phase: RunSummary['phase'] | 'all'
  /** `removed`: what was removed, in any state, and nothing else. */
  readonly status: RunSummary['status'] | 'all' | 'removed'
  readonly tag: string | null
}
export const everyRun: RunFilter = { text: '', phase: 'all', status: 'all', tag: null }

export function filterRuns(runs: readonly RunSummary[], filter: RunFilter): RunSummary[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean)
  return runs.filter(run => {
    if ((run.removedAt !== null) !== (filter.status === 'removed')) return false
    if (filter.phase !== 'all' && run.phase !== filter.phase) return false
    if (filter.status !== 'all' && filter.status !== 'removed' && run.status !== filter.status) return false
    if (filter.tag !== null && !run.tags.includes(filter.tag)) return false
    const text = [run.name, ...run.tags, run.notes, ...dataNames(run)].join('\n').toLowerCase()
    return words.every(word => text.includes(word))
  })
}

/** What each sortable column is sorted by; a missing number goes last in either direction. */
const sortValues: Record<string, (run: RunSummary) => string | number | null> = {
  name: run => run.name.toLowerCase(),
  phase: run => run.phase,
  status: run => run.status,
  parameters: run => run.parameters,
  tokens: run => run.tokens,
  loss: run => run.bestEvalLoss,
  bits: run => run.latest.bits_per_byte ?? null,
  time: run => run.seconds,
  created: run => run.createdAt,
}

export function sortRuns(runs: readonly RunSummary[], { key, descending }: Sort): RunSummary[] {
  const value = sortValues[key]!
  const sign = descending ? -1 : 1
  return [...runs].sort((a, b) => {
    const [x, y] = [value(a), value(b)]
    if (x === null || y === null) return Number(x === null) - Number(y === null)
    return x < y ? -sign : x > y ? sign : 0
  })
}

export const tagsOf = (runs: readonly RunSummary[]): string[] =>
  [...new Set(runs.flatMap(run => run.tags))].sort()

/** One step of the road to a model. */
export interface LineagePart {
  readonly text: string
  /** The run that it names, where that is another one. */
  readonly run: string | null
}

/** Texts → tokenizer → base run → demonstrations → run: where a model comes from, in one line. */
export function lineage(
  run: RunSummary,
  tokenizerName: string | undefined,
  checkpoints: readonly Pick<CheckpointSummary, 'id' | 'run' | 'step'>[],
  runs: readonly RunSummary[],
): LineagePart[] {
  const descent = descentOf(run, checkpoints, runs)
  const parts = descent.flatMap((each, i): LineagePart[] => {
    const child = descent[i + 1]
    const from = child && checkpoints.find(checkpoint => checkpoint.id === child.parentCheckpoint)
    return [
      { text: dataTitle(each), run: null },
      ...(i === 0 ? [{ text: tokenizerName ?? each.tokenizer ?? '', run: null }] : []),
      { text: from ? `${each.name} step ${formatCount(from.step)}` : each.name, run: child ? each.id : null },
    ]
  })
  return parts.filter(part => part.text !== '')
}
