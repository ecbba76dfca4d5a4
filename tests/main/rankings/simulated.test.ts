// Simulated labelers on a bench of the starter world.
import { expect, it } from 'vitest'
import type { PreferenceRow } from '../../../src-shared/preferences/preference-row.ts'
import { rankedPairs } from '../../../src-shared/preferences/ranked-pairs.ts'
import { type OpenBench, openBench, questions } from './open-bench.ts'

const worldBench = (bench: OpenBench, count: number) =>
  bench.sampledBench({
    prompts: { from: 'starter-world', world: 2, count, constructed: true },
    responses: 3,
  })
const simulate = async (
  bench: OpenBench,
  set: string,
  change: {
    policy?: 'truth-then-style' | 'longer-wins' | 'shorter-wins'
    noise?: number
    seed?: number
  } = {},
) => {
  const { job } = await bench.call('ranking.simulate', {
    set,
    policy: 'truth-then-style',
    noise: 0.1,
    seed: 1,
    ...change,
  })
  return await bench.jobs.wait<{ rankings: number }>(job)
}
const rowsOf = (bench: OpenBench, set: string): PreferenceRow[] => [...bench.preferences.rowsOf([set])]

it('ranks every prompt that can be ranked, under a name that says what it is', async () => {
  const bench = openBench()
  const set = await worldBench(bench, 300)
  const { rankings } = await simulate(bench, set)
  const rows = rowsOf(bench, set)
  expect(rankings).toBe(rows.length)
  const summary = await bench.call('preferences.show', { set })
  expect(summary.labelers).toEqual([
    {
      labeler: 'simulated: truth, then style, 10 % noise, seed 1',
      rankings,
      simulation: { policy: 'truth-then-style', noise: 0.1, seed: 1 },
    },
  ])
  expect(summary.ranked).toBe(rankings)
  expect((await bench.call('preferences.agreement', { sets: [set] })).ceiling).toEqual({
    source: 'simulated',
    share: 0.9,
    low: 0.9,
    high: 0.9,
    n: summary.pairs,
  })
})

it('keeps its clean order beside the pairs, of which about the stated share is turned round', async () => {
  const bench = openBench()
  const set = await worldBench(bench, 400)
  await simulate(bench, set, { noise: 0.2 })
  let turned = 0
  let all = 0
  for (const { rankings } of rowsOf(bench, set))
    for (const { ranks, pairs, simulation } of rankings) {
      expect(simulation).toEqual({ policy: 'truth-then-style', noise: 0.2, seed: 1 })
      expect(pairs).toHaveLength(rankedPairs(ranks).pairs.length)
      for (const [winner, loser] of pairs!) {
        all++
        if (ranks[winner]! > ranks[loser]!) turned++
      }
    }
  expect(all).toBeGreaterThan(1000)
  expect(turned / all).toBeGreaterThan(0.16)
  expect(turned / all).toBeLessThan(0.24)
})

it('without noise pairs are what the order says; truth comes first', async () => {
  const bench = openBench()
  const set = await worldBench(bench, 60)
  await simulate(bench, set, { noise: 0 })
  let judged = 0
  for (const { responses, rankings, task } of rowsOf(bench, set)) {
    const [{ ranks, pairs }] = rankings as [PreferenceRow['rankings'][number]]
    const key = ([winner, loser]: readonly [number, number]) => `${winner} ${loser}`
    expect(pairs!.map(key).sort()).toEqual(rankedPairs(ranks).pairs.map(key).sort())
    const { answers } = task as { answers: string[] }
    const right = responses.findIndex(({ text }) => answers.includes(text))
    if (right < 0) continue
    judged++
    expect(ranks[right]).toBe(1)
  }
  expect(judged).toBeGreaterThan(5)
})

it('the same settings say the same again in the place of what they said; other settings stand beside them', async () => {
  const bench = openBench()
  const set = await worldBench(bench, 60)
  await simulate(bench, set)
  const before = rowsOf(bench, set)
  await simulate(bench, set)
  const strip = (rows: PreferenceRow[]) =>
    rows.map(({ rankings }) => rankings.map(({ createdAt: _, ...ranking }) => ranking))
  expect(strip(rowsOf(bench, set))).toEqual(strip(before))
  await simulate(bench, set, { seed: 2 })
  await simulate(bench, set, { policy: 'longer-wins' })
  const { labelers } = await bench.call('preferences.show', { set })
  expect(labelers.map(({ labeler }) => labeler).sort()).toEqual([
    'simulated: longer wins, 10 % noise, seed 1',
    'simulated: truth, then style, 10 % noise, seed 1',
    'simulated: truth, then style, 10 % noise, seed 2',
  ])
})

it('two sets of the same seed are labelled alike, so that a run can be made again elsewhere', async () => {
  const said = []
  for (let i = 0; i < 2; i++) {
    const bench = openBench()
    const set = await worldBench(bench, 40)
    await simulate(bench, set)
    said.push(rowsOf(bench, set).map(({ rankings }) => rankings[0]!.pairs))
  }
  expect(said[0]).toEqual(said[1])
})

it('truth is judged only where it is known; lengths anywhere; and nothing before it is sampled', async () => {
  const bench = openBench()
  const set = await bench.sampledBench({ prompts: { from: 'text', prompts: questions(5) } })
  await expect(simulate(bench, set)).rejects.toThrow('what is true of prompt 1 is not known here')
  expect((await simulate(bench, set, { policy: 'longer-wins' })).rankings).toBe(5)
  for (const { responses, rankings } of rowsOf(bench, set)) {
    const longest = Math.max(...responses.map(({ text }) => text.length))
    for (const [i, { text }] of responses.entries())
      expect(rankings[0]!.ranks[i] === 1).toBe(text.length === longest)
  }
  const empty = openBench({
    beforeBatch: () => Promise.reject(new Error('no engine')),
  })
  await expect(worldBench(empty, 5)).rejects.toThrow()
  const id = (await empty.call('preferences.list', {}))[0]!.id
  await expect(simulate(empty, id)).rejects.toThrow('there is nothing to rank')
})

it('nobody ranks under its name: a label is mended under one’s own, from the order of its noisy pairs', async () => {
  const bench = openBench()
  const set = await worldBench(bench, 30)
  const labeler = 'simulated: truth, then style, 10 % noise, seed 1'
  await simulate(bench, set)
  const rows = rowsOf(bench, set)
  let [asOrder, inCircles, noisy] = [0, 0, 0]
  for (const { number, rankings } of rows) {
    const { ranks, pairs } = rankings[0]!
    const { ranking, stands } = await bench.call('ranking.card', {
      ...{ set, number: number!, labeler: 'me', from: labeler },
    })
    expect(stands).toBeNull()
    const sorted = (all: readonly (readonly [number, number])[]) => all.map(String).sort()
    if (ranking!.ranks.every(rank => rank === null)) inCircles++
    else {
      asOrder++
      expect(sorted(rankedPairs(ranking!.ranks).pairs)).toEqual(sorted(pairs!))
      if (JSON.stringify(ranking!.ranks) !== JSON.stringify(ranks)) noisy++
    }
  }
  expect(asOrder).toBeGreaterThan(5)
  expect(inCircles).toBeGreaterThan(0)
  expect(noisy).toBeGreaterThan(0)
  const [row] = rows as [PreferenceRow]
  const ranking = { set, number: row.number!, pass: 0, outcome: 'ranked' as const, seconds: 1 }
  const mended = row.responses.map((_, i) => i + 1)
  await expect(bench.call('ranking.rank', { ...ranking, labeler, ranks: mended })).rejects.toThrow(
    'is a simulated labeler',
  )
  await expect(bench.call('ranking.undo', { set, labeler })).rejects.toThrow('is a simulated labeler')
  await bench.call('ranking.rank', { ...ranking, labeler: 'me', ranks: mended, stands: null })
  const [after] = rowsOf(bench, set) as [PreferenceRow]
  expect(after.rankings).toEqual([row.rankings[0], expect.objectContaining({ labeler: 'me', ranks: mended })])
})
