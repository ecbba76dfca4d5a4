// The mixture sliders: one moves, the others give way in proportion, the sum stays 1. Shares are fractions of the
// training tokens, as in LLaMA's Table 1 (Touvron et al. 2023).
import type { CorpusSummary } from '../../../../../src-shared/contract/lab-contract.ts'

export interface Share {
  readonly corpus: string
  /** 0–1. */
  readonly share: number
}

/** Scales shares to the sum 1; equal shares where all are 0. */
export function normalized(rows: readonly Share[]): Share[] {
  const total = rows.reduce((sum, r) => sum + r.share, 0)
  return rows.map(r => ({ ...r, share: total > 0 ? r.share / total : 1 / rows.length }))
}

/**
 * Sets one share and lets the others fill the rest in their old proportions (equally where they were all 0).
 * A single source always has the whole.
 */
export function withShare(rows: readonly Share[], corpus: string, share: number): Share[] {
  const others = rows.filter(r => r.corpus !== corpus)
  if (others.length === rows.length) return [...rows]
  const wanted = others.length === 0 ? 1 : Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0))
  const rest = normalized(others)
  return rows.map(r =>
    r.corpus === corpus
      ? { ...r, share: wanted }
      : { ...r, share: (1 - wanted) * rest.find(o => o.corpus === r.corpus)!.share },
  )
}

/** Adds a source with the share it would have if every source were read equally often. */
export function withSource(
  rows: readonly Share[],
  corpus: string,
  bytes: ReadonlyMap<string, number>,
): Share[] {
  if (rows.some(r => r.corpus === corpus)) return [...rows]
  const total = rows.reduce((sum, r) => sum + (bytes.get(r.corpus) ?? 0), 0) + (bytes.get(corpus) ?? 0)
  const share = total > 0 ? (bytes.get(corpus) ?? 0) / total : 1 / (rows.length + 1)
  return withShare([...rows, { corpus, share: 0 }], corpus, share)
}

export const withoutSource = (rows: readonly Share[], corpus: string): Share[] =>
  normalized(rows.filter(r => r.corpus !== corpus))

/** Shares by size: every source is read equally often. */
export const bySize = (corpora: readonly Pick<CorpusSummary, 'id' | 'bytes'>[]): Share[] =>
  normalized(corpora.map(c => ({ corpus: c.id, share: c.bytes })))

/**
 * What a new recipe starts from: the newest text, alone; or, when the starter world is newest, all its sources.
 * Mixing unrelated texts is the person's decision.
 */
export function startingMixture(corpora: readonly CorpusSummary[]): Share[] {
  const live = corpora.filter(c => c.removedAt === null)
  const newest = live.reduce<CorpusSummary | undefined>(
    (best, c) => (!best || c.createdAt > best.createdAt ? c : best),
    undefined,
  )
  if (!newest) return []
  return bySize(newest.kind === 'starter-world' ? live.filter(c => c.kind === 'starter-world') : [newest])
}

/** Drops sources that are gone; where nothing is left, starts anew. The same array when nothing changed. */
export function reconciled(rows: readonly Share[], corpora: readonly CorpusSummary[]): readonly Share[] {
  const live = new Set(corpora.filter(c => c.removedAt === null).map(c => c.id))
  const kept = rows.filter(r => live.has(r.corpus))
  if (kept.length === 0) return live.size === 0 && rows.length === 0 ? rows : startingMixture(corpora)
  return kept.length === rows.length ? rows : normalized(kept)
}

/** Shares as percentages with one decimal that add up to exactly 100.0 (largest remainder). */
export function percentages(rows: readonly Share[]): number[] {
  if (rows.length === 0) return []
  const exact = normalized(rows).map(r => r.share * 1000)
  const tenths = exact.map(Math.floor)
  const missing = 1000 - tenths.reduce((a, b) => a + b, 0)
  const order = exact.map((x, i) => ({ i, r: x - Math.floor(x) })).sort((a, b) => b.r - a.r || a.i - b.i)
  for (let k = 0; k < missing; k++) tenths[order[k % order.length]!.i]!++
  return tenths.map(t => t / 10)
}

/** What reading a source this often means for learning, or null where there is nothing to say. */
export function epochsRemark(epochs: number | null): string | null {
  if (epochs === null) return null
  if (epochs > 40)
    return 'Read more than 40 times: expect it to be learnt by heart. Add text or train fewer steps.'
  if (epochs > 4) return 'Read more than 4 times: each further pass teaches less (Muennighoff et al. 2023).'
  return null
}
