// The order and the choice of runs in the table: pure.
import type { RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import type { Sort } from '../../components/virtual-table.tsx'

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
    const text = [run.name, ...run.tags, run.notes, ...run.data.sources.map(source => source.name)]
      .join('\n')
      .toLowerCase()
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

/** Corpus → tokenizer → run: where a model comes from, in one line. */
export function lineage(
  run: RunSummary,
  tokenizerName: string | undefined,
  parent: string | undefined,
): string[] {
  const sources = run.data.sources.map(source => source.name).join(' + ')
  return [sources, tokenizerName ?? run.tokenizer, parent, run.name].filter((part): part is string =>
    Boolean(part),
  )
}
