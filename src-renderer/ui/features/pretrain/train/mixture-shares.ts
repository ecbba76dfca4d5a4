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
  if (rows.length === 0) return [{ corpus, share: 1 }]
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

/**
 * Texts that came in since the recipe last looked join its mixture; those removed stay as they are, to be seen and decided
 * on. The same array when nothing came.
 * @param seen corpora that the recipe has met; null = none yet, it starts from the newest
 */
export function withArrivals(
  rows: readonly Share[],
  corpora: readonly CorpusSummary[],
  seen: readonly string[] | null,
): readonly Share[] {
  if (seen === null) return rows.length > 0 ? rows : startingMixture(corpora)
  const bytes = new Map(corpora.map(c => [c.id, c.bytes]))
  return corpora
    .filter(c => c.removedAt === null && !seen.includes(c.id))
    .reduce<readonly Share[]>((shares, c) => withSource(shares, c.id, bytes), rows)
}

/**
 * A made world's sources in the proportions it was made for, beside what the mixture holds already; together they get
 * the share that their size gives them.
 */
export function withWorld(
  rows: readonly Share[],
  world: readonly Share[],
  bytes: ReadonlyMap<string, number>,
): Share[] {
  const others = rows.filter(r => !world.some(w => w.corpus === r.corpus))
  if (others.length === 0) return normalized(world)
  const size = (some: readonly Share[]) => some.reduce((sum, r) => sum + (bytes.get(r.corpus) ?? 0), 0)
  const part = size(world) / Math.max(1, size(world) + size(others))
  return [
    ...normalized(others).map(r => ({ ...r, share: r.share * (1 - part) })),
    ...normalized(world).map(r => ({ ...r, share: r.share * part })),
  ]
}

/** Whether a source of the mixture was removed from the texts; one not listed was removed and cleared away. */
export const isRemoved = (share: Share, corpora: readonly CorpusSummary[]): boolean =>
  corpora.find(c => c.id === share.corpus)?.removedAt !== null

/** Why a mixture with removed sources cannot be trained on, or null. */
export function removedProblem(rows: readonly Share[], corpora: readonly CorpusSummary[]): string | null {
  const row = rows.find(r => isRemoved(r, corpora))
  if (!row) return null
  const name = corpora.find(c => c.id === row.corpus)?.name
  return `${name === undefined ? 'A text of the mixture' : `“${name}”`} was removed. Undo that, or leave it out of the mixture.`
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

/** A share in percent as it is shown: what is read, however little, is not shown as nothing. */
export const percentText = (share: number, percent: number): string =>
  share > 0 && share < 0.0005 ? '<0.1' : String(percent)

/** What reading a source this often means for learning, or null where there is nothing to say. */
export function epochsRemark(epochs: number | null): string | null {
  if (epochs === null) return null
  if (epochs > 40)
    return 'Read more than 40 times: expect it to be learnt by heart. Add text or train fewer steps.'
  if (epochs > 4) return 'Read more than 4 times: each further pass teaches less (Muennighoff et al. 2023).'
  return null
}
