// A person overrules a simulated labeler: what they ranked themselves is learnt from, and not what was simulated of it.
import { expect, it } from 'vitest'
import { pairsOfRow } from '../../../src-main/core/rankings/encoded.ts'
import { labeledPairs } from '../../../src-shared/reward/measured-prompt.ts'
import { type OpenBench, openBench } from './open-bench.ts'

/** A set whose prompts a simulated labeler has ranked. */
async function simulatedSet(bench: OpenBench, count: number): Promise<string> {
  const set = await bench.sampledBench({
    prompts: { from: 'starter-world', world: 2, count, constructed: true },
    responses: 3,
  })
  const { job } = await bench.call('ranking.simulate', {
    ...{ set, policy: 'longer-wins', noise: 0, seed: 1 },
  })
  await bench.jobs.wait(job)
  return set
}

const rank = (
  bench: OpenBench,
  set: string,
  number: number,
  said: { outcome: 'ranked' | 'skipped' | 'all-bad'; ranks: (number | null)[] },
) => bench.call('ranking.rank', { set, number, labeler: 'Ann', pass: 0, seconds: 1, ...said })

const rowsOf = (bench: OpenBench, set: string) => [...bench.preferences.rowsOf([set])]

it('of what is counted, trained on and measured, from one ranking to the next', async () => {
  const bench = openBench()
  const set = await simulatedSet(bench, 30)
  const before = await bench.call('preferences.show', { set })
  expect(before.overruled).toBe(0)
  const [row, skipped, bad] = rowsOf(bench, set)
  const said = (row!.rankings[0]!.pairs ?? []).length
  // The first is the best and all others are left out but one: a single pair.
  const ranks = row!.responses.map((_, i) => (i < 2 ? i + 1 : null))
  await rank(bench, set, row!.number!, { outcome: 'ranked', ranks })
  await rank(bench, set, skipped!.number!, { outcome: 'skipped', ranks: skipped!.responses.map(() => null) })
  await rank(bench, set, bad!.number!, { outcome: 'all-bad', ranks: bad!.responses.map(() => null) })

  const after = await bench.call('preferences.show', { set })
  const lost = said + bad!.rankings[0]!.pairs!.length
  expect(after).toMatchObject({ pairs: before.pairs - lost + 1, overruled: 2, contradictions: 0, allBad: 1 })
  expect(after.labelers.map(({ rankings }) => rankings)).toEqual([before.ranked, 3])
  const [mended, untouched, dropped] = rowsOf(bench, set)
  expect(pairsOfRow(mended!).pairs).toEqual([[0, 1]])
  expect(labeledPairs(mended!)).toEqual([{ winner: 0, loser: 1, labeler: 'Ann', simulated: null }])
  expect(pairsOfRow(untouched!).pairs).toEqual(untouched!.rankings[0]!.pairs)
  expect(pairsOfRow(dropped!).pairs).toEqual([])

  // Counted anew from the disk it is the same.
  bench.preferences.changed(set)
  expect(await bench.call('preferences.show', { set })).toEqual(after)
  const { path, lines } = await bench.call('preferences.export', { sets: [set], format: 'trl' })
  expect(lines, path).toBe(after.pairs)
})

it('until the person takes it back', async () => {
  const bench = openBench()
  const set = await simulatedSet(bench, 9)
  const before = await bench.call('preferences.show', { set })
  const [row] = rowsOf(bench, set)
  await rank(bench, set, row!.number!, { outcome: 'ranked', ranks: row!.responses.map((_, i) => i + 1) })
  expect(await bench.call('preferences.show', { set })).toMatchObject({ overruled: 1 })
  await bench.call('ranking.undo', { set, labeler: 'Ann' })
  expect(await bench.call('preferences.show', { set })).toEqual(before)
})
