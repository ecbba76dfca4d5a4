// The world that the starter buttons make: corpora in phase 1, demonstrations about the same islands in phase 2.
import type { CorpusSummary } from '../../src-shared/contract/lab-contract.ts'
import { call } from './lab.ts'

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

/** The job tells of itself. */
export const takeStarterDemonstrations = async (): Promise<unknown> =>
  call('demonstrations.fromStarterWorld', { seed: starterSeed(await call('corpora.list', {})) })
