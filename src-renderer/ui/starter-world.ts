// The world that the starter buttons make: corpora in phase 1, demonstrations about the same islands in phase 2.
import type { DemonstrationSet } from '../../src-shared/contract/demonstrations-contract.ts'
import type { CheckpointSummary, CorpusSummary, RunSummary } from '../../src-shared/contract/lab-contract.ts'
import { call } from './lab.ts'
import { descentOf } from './run-descent.ts'

/** Where no world was made yet. */
export const STARTER_SEED = 1

/**
 * The world of the newest corpora: demonstrations of one world teach a model of another nothing. The core names them
 * "Starter world 2: stories".
 */
export function starterSeed(corpora: readonly Pick<CorpusSummary, 'kind' | 'name' | 'createdAt'>[]): number {
  const [newest] = corpora
    .filter(({ kind }) => kind === 'starter-world')
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
  const [, seed] = /^Starter world (\d+):/.exec(newest?.name ?? '') ?? []
  return seed === undefined ? STARTER_SEED : Number(seed)
}

/** Seed of the starter world that a model has read about; null = it knows none. */
export function worldOf(
  checkpoint: Pick<CheckpointSummary, 'run'>,
  checkpoints: readonly CheckpointSummary[],
  runs: readonly RunSummary[],
  corpora: readonly CorpusSummary[],
): number | null {
  const own = runs.find(run => run.id === checkpoint.run)
  if (!own) return null
  const read = descentOf(own, checkpoints, runs).flatMap(run => run.data.sources.map(source => source.corpus))
  const worlds = corpora.filter(corpus => corpus.kind === 'starter-world' && read.includes(corpus.id))
  return worlds.length > 0 ? starterSeed(worlds) : null
}

/** The set that this world's demonstrations are in already, whatever it is called now; undefined = none. */
export const starterSetOf = (sets: readonly DemonstrationSet[], seed: number): DemonstrationSet | undefined =>
  sets.find(
    ({ kind, removedAt, files }) =>
      kind === 'starter-world' &&
      removedAt === null &&
      files.some(({ file }) => file === `Starter world ${seed}: demonstrations`),
  )

/**
 * Takes the demonstrations of the newest world, unless they are there; the job tells of itself.
 * @returns the job, or the set that has them already
 */
export async function takeStarterDemonstrations(): Promise<{ job: string } | { set: DemonstrationSet }> {
  const [corpora, sets] = await Promise.all([call('corpora.list', {}), call('demonstrations.list', {})])
  const seed = starterSeed(corpora)
  const set = starterSetOf(sets, seed)
  return set ? { set } : await call('demonstrations.fromStarterWorld', { seed })
}
