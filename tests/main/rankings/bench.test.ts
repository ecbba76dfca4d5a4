// Ranking: what is shown, stored, taken back and mended, in sittings.
import { expect, it } from 'vitest'
import type { BenchState } from '../../../src-shared/contract/preferences-contract.ts'
import { type OpenBench, openBench, questions } from './open-bench.ts'

/** Ranks the responses in the order in which they are stored. */
const forward = [1, 2, 3, 4]

async function rank(
  { call }: OpenBench,
  { card }: Pick<BenchState, 'card'>,
  ranks: (number | null)[] = forward,
  more: { labeler?: string; outcome?: 'ranked' | 'skipped' | 'all-bad'; seconds?: number } = {},
): Promise<BenchState> {
  const { set, number, pass } = card!
  return await call('ranking.rank', {
    set,
    number,
    pass,
    labeler: 'me',
    outcome: 'ranked',
    ranks,
    seconds: 3,
    ...more,
  })
}

/** Ranks until nothing is left. */
async function rankAll(
  bench: OpenBench,
  set: string,
  ranksOf: (state: BenchState) => (number | null)[] = () => forward,
  labeler = 'me',
): Promise<BenchState[]> {
  const states = [await bench.call('ranking.state', { set, labeler })]
  while (states.at(-1)!.card)
    states.push(await rank(bench, states.at(-1)!, ranksOf(states.at(-1)!), { labeler }))
  return states
}

it('shows prompts in order with their responses in an order of its own, and stores whole rankings', async () => {
  const bench = openBench()
  const set = await bench.sampledBench()
  const first = await bench.call('ranking.state', { set, labeler: 'me' })
  expect(first).toMatchObject({
    card: { set, number: 0, pass: 0, ranking: null, messages: [{ role: 'user', content: 'question 0?' }] },
    done: 0,
    total: 12 + 1,
    secondsPerCard: null,
    canUndo: false,
    sampling: null,
  })
  expect(first.card!.responses).toHaveLength(4)
  expect([...first.card!.order].sort()).toEqual([0, 1, 2, 3])
  const second = await rank(bench, first, [2, 1, 2, null], { seconds: 5 })
  expect(second).toMatchObject({ card: { number: 1 }, done: 1, secondsPerCard: 5, canUndo: true })
  const prompt = await bench.call('preferences.prompt', { set, number: 0 })
  expect(prompt.rankings).toMatchObject([
    { labeler: 'me', pass: 0, outcome: 'ranked', ranks: [2, 1, 2, null], pairs: null, seconds: 5 },
  ])
  const [summary] = await bench.call('preferences.list', {})
  expect(summary).toMatchObject({
    id: set,
    name: 'Writer: 12 prompts',
    kind: 'bench',
    prompts: 12,
    sampled: 12,
    ranked: 1,
    pairs: 2,
    ties: 1,
    labelers: [{ labeler: 'me', rankings: 1, simulation: null }],
  })
})

it('goes on at the same card after the workspace was closed, with the same order of responses', async () => {
  const bench = openBench()
  const set = await bench.sampledBench()
  let state = await bench.call('ranking.state', { set, labeler: 'me' })
  for (let i = 0; i < 5; i++) state = await rank(bench, state)
  bench.workspace.close()
  const again = openBench({ root: bench.root })
  expect(await again.call('ranking.state', { set, labeler: 'me' })).toEqual(state)
})

it('about as many prompts come back as were asked for, and agreement with oneself is measured over them', async () => {
  const bench = openBench()
  const set = await bench.sampledBench({
    prompts: { from: 'text', prompts: questions(60) },
    repeatShare: 0.4,
    responses: 3,
  })
  // The second time the last two are ordered the other way round: 2 of 3 pairs as before.
  const states = await rankAll(bench, set, ({ card }) => (card!.pass === 0 ? [1, 2, 3] : [1, 3, 2]))
  const repeats = states.filter(({ card }) => card?.pass === 1).length
  expect(repeats).toBeGreaterThan(12)
  expect(repeats).toBeLessThan(36)
  expect(states.at(-1)).toMatchObject({ card: null, done: 60 + repeats, total: 60 + repeats })
  const { self, ceiling } = states.at(-1)!.agreement
  expect(self).toMatchObject([{ labeler: 'me', agreement: { n: 3 * repeats } }])
  expect(self[0]!.agreement.share).toBeCloseTo(2 / 3, 12)
  expect(ceiling).toMatchObject({ source: 'self', n: 3 * repeats })
  // What was said last is what counts: [1, 3, 2] where it came back.
  const { pairs, contradictions } = await bench.call('preferences.show', { set })
  expect({ pairs, contradictions }).toEqual({ pairs: 3 * 60, contradictions: 0 })
})

it('undo takes rankings back one by one, across a restart, and shows what was said', async () => {
  const bench = openBench()
  const set = await bench.sampledBench()
  let state = await bench.call('ranking.state', { set, labeler: 'me' })
  state = await rank(bench, state, [4, 3, 2, 1])
  state = await rank(bench, state, [null, null, null, null], { outcome: 'all-bad' })
  state = await rank(bench, state, [1, 1, 2, 2])
  bench.workspace.close()
  const again = openBench({ root: bench.root })
  const shown = []
  for (let i = 0; i < 3; i++) {
    state = await again.call('ranking.undo', { set, labeler: 'me' })
    shown.push([state.card!.number, state.card!.ranking, state.done])
  }
  expect(shown).toEqual([
    [2, { outcome: 'ranked', ranks: [1, 1, 2, 2] }, 2],
    [1, { outcome: 'all-bad', ranks: [null, null, null, null] }, 1],
    [0, { outcome: 'ranked', ranks: [4, 3, 2, 1] }, 0],
  ])
  expect(state.canUndo).toBe(false)
  await expect(again.call('ranking.undo', { set, labeler: 'me' })).rejects.toThrow('has ranked nothing')
  expect(await again.call('preferences.show', { set })).toMatchObject({ ranked: 0, pairs: 0, labelers: [] })
})

it('undo is of one labeler: what another said stays', async () => {
  const bench = openBench()
  const set = await bench.sampledBench()
  const start = await bench.call('ranking.state', { set, labeler: 'ann' })
  await rank(bench, start, forward, { labeler: 'ann' })
  await rank(bench, start, [4, 3, 2, 1], { labeler: 'bo' })
  await bench.call('ranking.undo', { set, labeler: 'ann' })
  const { rankings } = await bench.call('preferences.prompt', { set, number: 0 })
  expect(rankings.map(({ labeler }) => labeler)).toEqual(['bo'])
})

it('labelers of one set are compared with each other, and what they say both ways round is a contradiction', async () => {
  const bench = openBench()
  const set = await bench.sampledBench({ repeatShare: 0 })
  await rankAll(bench, set, () => [1, 2, 3, 4], 'ann')
  await rankAll(bench, set, ({ card }) => (card!.number < 6 ? [1, 2, 4, 3] : [1, 2, 3, 4]), 'bo')
  const { between, self, ceiling } = await bench.call('preferences.agreement', { sets: [set] })
  expect(self).toEqual([])
  expect(between).toMatchObject([{ a: 'ann', b: 'bo', agreement: { n: 72, share: 66 / 72 } }])
  expect(ceiling).toMatchObject({ source: 'between', n: 72 })
  expect(await bench.call('preferences.show', { set })).toMatchObject({ contradictions: 6, pairs: 2 * 72 })
})

it('any label can be mended from its card, and the mended one is what counts', async () => {
  const bench = openBench()
  const set = await bench.sampledBench({ repeatShare: 0 })
  await rankAll(bench, set)
  const card = await bench.call('ranking.card', { set, number: 3, labeler: 'me' })
  expect(card).toMatchObject({ number: 3, pass: 0, ranking: { outcome: 'ranked', ranks: forward } })
  const state = await rank(bench, { card }, [4, 3, 2, 1])
  expect(state).toMatchObject({ card: null, done: 12 })
  const { rankings } = await bench.call('preferences.prompt', { set, number: 3 })
  expect(rankings.map(({ ranks }) => ranks)).toEqual([[4, 3, 2, 1]])
  // Somebody who has not said anything of it yet says it for the first time.
  expect(await bench.call('ranking.card', { set, number: 3, labeler: 'new' })).toMatchObject({
    pass: 0,
    ranking: null,
  })
})

it('a mended label is taken back whole, and no other with it', async () => {
  const bench = openBench()
  const set = await bench.sampledBench({ repeatShare: 0 })
  await rankAll(bench, set)
  const before = await bench.call('preferences.prompt', { set, number: 3 })
  const others = await bench.call('preferences.prompt', { set, number: 11 })
  const card = await bench.call('ranking.card', { set, number: 3, labeler: 'me' })
  await rank(bench, { card }, [4, 3, 2, 1])
  const mended = { set, number: 3, labeler: 'me', pass: 0 }
  await bench.call('ranking.putBack', { ...mended, ranking: card.stands })
  expect(await bench.call('preferences.prompt', { set, number: 3 })).toEqual(before)
  // Of one who had said nothing, nothing stays; and what others said, and of other prompts, does.
  await rank(bench, { card }, [4, 3, 2, 1], { labeler: 'new' })
  await bench.call('ranking.putBack', { ...mended, labeler: 'new', ranking: null })
  expect(await bench.call('preferences.prompt', { set, number: 3 })).toEqual(before)
  expect(await bench.call('preferences.prompt', { set, number: 11 })).toEqual(others)
  const forged = { ...before.rankings[0]!, pairs: [[0, 7]] as [number, number][] }
  await expect(bench.call('ranking.putBack', { ...mended, ranking: forged })).rejects.toThrow(
    'a pair names an answer that is not there',
  )
})

it('what another window said meanwhile is not overwritten unseen', async () => {
  const bench = openBench()
  const set = await bench.sampledBench()
  const start = await bench.call('ranking.state', { set, labeler: 'me' })
  const { number, pass, stands } = start.card!
  expect(stands).toBeNull()
  await rank(bench, start)
  const said = { set, number, pass, labeler: 'me', outcome: 'ranked' as const, seconds: 1, stands: null }
  await expect(bench.call('ranking.rank', { ...said, ranks: [4, 3, 2, 1] })).rejects.toThrow(
    'was ranked meanwhile in another window',
  )
  const { rankings } = await bench.call('preferences.prompt', { set, number })
  expect(rankings.map(({ ranks }) => ranks)).toEqual([forward])
  // Said again because the answer was lost on its way: no quarrel.
  await bench.call('ranking.rank', { ...said, ranks: [...forward] })
  const card = await bench.call('ranking.card', { set, number, labeler: 'me' })
  await bench.call('ranking.undo', { set, labeler: 'me' })
  await expect(
    bench.call('ranking.rank', { ...said, stands: card.stands!.createdAt, ranks: [4, 3, 2, 1] }),
  ).rejects.toThrow('was taken back meanwhile')
})

it('ranks are kept without gaps, and what is not ranked has none', async () => {
  const bench = openBench()
  const set = await bench.sampledBench()
  const start = await bench.call('ranking.state', { set, labeler: 'me' })
  await rank(bench, start, [7, 9, 7, 2])
  await rank(bench, start, [1, 2, 3, 4], { labeler: 'skipper', outcome: 'skipped' })
  const { rankings } = await bench.call('preferences.prompt', { set, number: 0 })
  expect(rankings.map(({ ranks }) => ranks)).toEqual([
    [2, 3, 2, 1],
    [null, null, null, null],
  ])
})

it.each<[string, (number | null)[], object, string]>([
  ['too few ranks', [1, 2, 3], {}, '3 ranks are given for 4 answers'],
  ['one rank alone', [1, null, null, null], {}, 'an order needs at least two'],
  ['a second pass before the first', forward, { pass: 1 }, 'has not ranked this prompt a first time'],
  ['a prompt that is not there', forward, { number: 99 }, 'there is no prompt 100'],
])('%s: refused with what to do, and nothing is stored', async (_, ranks, change, message) => {
  const bench = openBench()
  const set = await bench.sampledBench()
  const ranking = { set, number: 0, pass: 0, labeler: 'me', outcome: 'ranked' as const, ranks, seconds: 1 }
  await expect(bench.call('ranking.rank', { ...ranking, ...change })).rejects.toThrow(message)
  expect(await bench.call('preferences.show', { set })).toMatchObject({ ranked: 0, labelers: [] })
})

it('everybody hears of a ranking, and of one that is taken back', async () => {
  const bench = openBench()
  const set = await bench.sampledBench()
  const state = await bench.call('ranking.state', { set, labeler: 'me' })
  bench.changes.length = 0
  await rank(bench, state)
  await bench.call('ranking.undo', { set, labeler: 'me' })
  expect(bench.changes).toEqual(['preferences', 'preferences'])
})

it('at 10,000 prompts the next card takes less than 20 ms', async () => {
  const bench = openBench()
  const set = await bench.sampledBench({
    prompts: { from: 'text', prompts: questions(10_000) },
    responses: 3,
  })
  const { job } = await bench.call('ranking.simulate', { set, policy: 'longer-wins', noise: 0.1, seed: 1 })
  await bench.jobs.wait(job)
  // As good as all is ranked already.
  bench.db.exec(`INSERT INTO rankings (set_id, number, labeler, pass, outcome, ranks, seconds, created_at)
    SELECT set_id, number, 'me', 0, 'ranked', '[1,2,3]', 2.5, '' FROM rankings WHERE number < 9900`)
  bench.preferences.changed(set)
  let state = await bench.call('ranking.state', { set, labeler: 'me' })
  expect(state.total).toBeGreaterThan(10_800)
  const times: number[] = []
  for (let i = 0; i < 30; i++) {
    // Of the processor: other programs run here too.
    const { user, system } = process.cpuUsage()
    state = await rank(bench, state, [1, 2, 3])
    const { user: userAfter, system: systemAfter } = process.cpuUsage()
    times.push((userAfter + systemAfter - user - system) / 1000)
  }
  expect(times.sort((a, b) => a - b)[15]).toBeLessThan(20)
})
