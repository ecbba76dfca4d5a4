// Sets of preferences: lists, pages, what is removed and brought back, votes of the chat, and what is exported.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import {
  type Comparison,
  detachComparisons,
  replaceComparisons,
} from '../../../src-main/core/database/queries/comparisons.ts'
import { insertConversation, insertTurn } from '../../../src-main/core/database/queries/conversations.ts'
import { setSetting } from '../../../src-main/core/database/queries/settings.ts'
import { preferenceImportHandlers } from '../../../src-main/core/rankings/import/import-handlers.ts'
import type { PreferenceImport } from '../../../src-shared/contract/preferences-contract.ts'
import { type OpenBench, openBench, questions } from './open-bench.ts'

const prompt = (text: string) => [{ role: 'user' as const, content: text }]
const vote = (a: string, b: string, outcome: Comparison['outcome'], of = 'where?'): Comparison => ({
  prompt: prompt(of),
  a,
  aCheckpoint: 'run-a-step-1',
  b,
  bCheckpoint: 'run-b-step-1',
  outcome,
  blind: true,
})

/** Votes as the chat keeps them, a turn each. @returns ids of the turns */
function voted({ db }: OpenBench, ...votes: Comparison[][]): number[] {
  insertConversation(db, { id: 'chat-1', title: '', system: '', columns: [], linked: true, blind: true })
  return votes.map(comparisons => {
    const turn = insertTurn(db, { conversation: 'chat-1', parent: null, prompt: 'where?', seed: 1 })
    replaceComparisons(db, turn, comparisons)
    return turn
  })
}
const chatRows = (bench: OpenBench) =>
  [...bench.preferences.rowsOf(['chat'])].map(({ responses, rankings }) => ({
    texts: responses.map(({ text }) => text),
    outcome: rankings[0]!.outcome,
    ranks: rankings[0]!.ranks,
  }))

it('the votes of the chat are a set from the beginning, of the person who works here', async () => {
  const bench = openBench()
  expect(await bench.call('preferences.list', {})).toMatchObject([
    { id: 'chat', kind: 'chat', prompts: 0, pairs: 0, labelers: [] },
  ])
  voted(bench, [vote('A', 'B', 'a')], [vote('A', 'C', 'tie')], [vote('D', 'E', 'both-bad')])
  expect(await bench.call('preferences.show', { set: 'chat' })).toMatchObject({
    prompts: 3,
    sampled: 3,
    ranked: 2,
    allBad: 1,
    pairs: 1,
    ties: 1,
    labelers: [{ labeler: 'me', rankings: 3 }],
  })
  setSetting(bench.db, 'labeler', 'Ann')
  expect((await bench.call('preferences.show', { set: 'chat' })).labelers).toMatchObject([{ labeler: 'Ann' }])
})

it('what one vote says of three answers is one prompt', () => {
  const bench = openBench()
  voted(
    bench,
    [vote('A', 'B', 'b'), vote('B', 'C', 'a')],
    [vote('A', 'B', 'tie'), vote('A', 'C', 'tie'), vote('B', 'C', 'tie')],
  )
  expect(chatRows(bench)).toEqual([
    { texts: ['A', 'B', 'C'], outcome: 'ranked', ranks: [2, 1, 2] },
    { texts: ['A', 'B', 'C'], outcome: 'ranked', ranks: [1, 1, 1] },
  ])
})

it('votes whose turns show other answers now stay apart, though they asked the same', () => {
  const bench = openBench()
  const turns = voted(
    bench,
    [vote('A', 'B', 'a')],
    [vote('C', 'B', 'b')],
    [vote('B', 'A', 'a'), vote('B', 'D', 'a')],
    [vote('x', 'y', 'tie')],
    [vote('v', 'w', 'tie')],
  )
  for (const turn of turns) detachComparisons(bench.db, turn)
  expect(chatRows(bench).map(({ texts, ranks }) => [texts.join(''), ranks])).toEqual([
    ['AB', [1, 2]],
    // Best was B both times: one order of all that it was compared with says the same.
    ['CBAD', [2, 1, 2, 2]],
    ['xy', [1, 1]],
    ['vw', [1, 1]],
  ])
})

it('equal answers are nothing to choose between, and votes both ways round are a contradiction', async () => {
  const bench = openBench()
  voted(bench, [vote('same', 'same', 'a')], [vote('A', 'B', 'a')], [vote('A', 'B', 'b')])
  expect(chatRows(bench)).toHaveLength(2)
  expect((await bench.call('preferences.show', { set: 'chat' })).contradictions).toBe(1)
})

it('votes are changed in the chat: here they are neither renamed, removed nor ranked', async () => {
  const bench = openBench()
  voted(bench, [vote('A', 'B', 'a')])
  const set = 'chat'
  for (const refused of [
    bench.call('preferences.rename', { set, name: 'x' }),
    bench.call('preferences.remove', { set }),
    bench.call('preferences.removePrompts', { set, numbers: [1] }),
    bench.call('ranking.state', { set, labeler: 'me' }),
    bench.call('ranking.card', { set, number: 1, labeler: 'me' }),
    bench.call('ranking.simulate', { set, policy: 'longer-wins', noise: 0, seed: 1 }),
  ])
    await expect(refused).rejects.toThrow('votes of the chat are changed where they are given')
  expect(
    await bench.call('preferences.prompts', { set, offset: 0, limit: 5, search: 'WHERE' }),
  ).toMatchObject({
    total: 1,
    rows: [{ set, number: 1 }],
  })
})

it('sets are renamed, removed and brought back; a removed one is neither ranked nor exported', async () => {
  const bench = openBench()
  const set = await bench.sampledBench()
  await bench.call('preferences.rename', { set, name: 'Mine' })
  await bench.call('preferences.remove', { set })
  expect((await bench.call('preferences.list', {}))[0]).toMatchObject({
    name: 'Mine',
    removedAt: expect.any(String),
  })
  await expect(bench.call('ranking.state', { set, labeler: 'me' })).rejects.toThrow('is removed')
  await expect(bench.call('preferences.export', { sets: [set], format: 'trl' })).rejects.toThrow('is removed')
  await bench.call('preferences.restore', { set })
  expect(await bench.call('ranking.state', { set, labeler: 'me' })).toMatchObject({ card: { number: 0 } })
  await expect(bench.call('preferences.show', { set: 'prefs-none' })).rejects.toThrow('no set of preferences')
})

it('what was removed is gone for good at the next start, and nothing else', async () => {
  const bench = openBench()
  const kept = await bench.sampledBench()
  const gone = await bench.sampledBench()
  await bench.call('preferences.remove', { set: gone })
  await bench.call('preferences.removePrompts', { set: kept, numbers: [3, 4] })
  bench.workspace.close()
  const again = openBench({ root: bench.root })
  await again.preferences.cleared
  expect((await again.call('preferences.list', {})).map(({ id }) => id)).toEqual([kept, 'chat'])
  for (const table of ['preference_prompts', 'preference_texts'])
    expect(again.db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()).toBe(10)
})

it('removed prompts are shown nowhere and are counted out, with what was said of them, until they are back', async () => {
  const bench = openBench()
  const set = await bench.sampledBench({ repeatShare: 0 })
  const labeler = 'me'
  for (let i = 0; i < 3; i++) {
    const { card } = await bench.call('ranking.state', { set, labeler })
    const ranking = {
      number: card!.number,
      pass: 0,
      outcome: 'ranked' as const,
      ranks: [1, 2, 3, 4],
      seconds: 1,
    }
    await bench.call('ranking.rank', { set, labeler, ...ranking })
  }
  await bench.call('preferences.removePrompts', { set, numbers: [1, 5] })
  expect(await bench.call('preferences.show', { set })).toMatchObject({ prompts: 10, ranked: 2, pairs: 12 })
  expect(await bench.call('ranking.state', { set, labeler })).toMatchObject({ done: 2, total: 10 })
  const page = await bench.call('preferences.prompts', { set, offset: 0, limit: 4 })
  expect([page.total, page.rows.map(({ number }) => number)]).toEqual([10, [0, 2, 3, 4]])
  await expect(bench.call('preferences.prompt', { set, number: 1 })).rejects.toThrow('there is no prompt 2')
  await expect(bench.call('preferences.removePrompts', { set, numbers: [2, 77] })).rejects.toThrow(
    'there is no prompt 78',
  )
  await bench.call('preferences.restorePrompts', { set, numbers: [1, 5] })
  expect(await bench.call('preferences.show', { set })).toMatchObject({ prompts: 12, ranked: 3, pairs: 18 })
  expect(await bench.call('ranking.state', { set, labeler })).toMatchObject({ done: 3, total: 12 })
})

it('prompts are found by what is asked and answered, letter case aside, and by nothing around it', async () => {
  const bench = openBench({
    answer: (_, seed) => ({ text: seed % 2 ? 'Grüße 100%' : 'nothing', stopped: true }),
  })
  const set = await bench.sampledBench({
    prompts: { from: 'text', prompts: [...questions(20), 'Über_all?'] },
  })
  const find = async (search: string) =>
    (await bench.call('preferences.prompts', { set, search, offset: 0, limit: 50 })).rows.map(
      ({ messages }) => messages[0]!.content,
    )
  expect(await find('QUESTION 1')).toEqual(questions(20).filter(text => text.includes('question 1')))
  expect(await find('über_ALL')).toEqual(['Über_all?'])
  expect((await find('GRÜSSE')).length).toBe(0)
  expect((await find('grüße 100%')).length).toBeGreaterThan(15)
  for (const around of ['role', 'copies', 'stopped', 'origin', '"', '},{'])
    expect(await find(around)).toEqual([])
})

it("exported rankings hold every prompt whole; TRL's pairs are the decided ones of what everybody said last", async () => {
  const bench = openBench({
    answer: (question, seed) => ({ text: `${question} <|user_end|> ${seed}`, stopped: true }),
  })
  const set = await bench.sampledBench({ repeatShare: 1, responses: 3 })
  const say = (labeler: string, number: number, pass: number, ranks: (number | null)[]) =>
    bench.call('ranking.rank', { set, number, pass, labeler, outcome: 'ranked', ranks, seconds: 2 })
  await say('ann', 0, 0, [1, 2, 3])
  await say('ann', 0, 1, [1, 1, 2])
  await say('bo', 0, 0, [null, 2, 1])
  const rankings = await bench.call('preferences.export', { sets: [set, set], format: 'rankings' })
  const lines = readFileSync(rankings.path, 'utf8').trimEnd().split('\n')
  expect(rankings.lines).toBe(12)
  expect(lines).toHaveLength(12)
  const { number: _, set: __, ...row } = [...bench.preferences.rowsOf([set])][0]!
  expect(JSON.parse(lines[0]!)).toEqual(row)
  expect(row.rankings.map(({ labeler, pass, ranks }) => [labeler, pass, ranks])).toEqual([
    ['ann', 0, [1, 2, 3]],
    ['ann', 1, [1, 1, 2]],
    ['bo', 0, [null, 2, 1]],
  ])
  const trl = await bench.call('preferences.export', { sets: [set], format: 'trl' })
  const pairs = readFileSync(trl.path, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  const [a, b, c] = row.responses.map(({ text }) => [{ role: 'assistant', content: text }])
  expect(trl.lines).toBe(3)
  expect(pairs).toEqual([
    { prompt: row.prompt, chosen: a, rejected: c },
    { prompt: row.prompt, chosen: b, rejected: c },
    { prompt: row.prompt, chosen: c, rejected: b },
  ])
})

it('counts that were kept true by single rankings are those that are counted anew', async () => {
  const bench = openBench()
  // Prompts that stand twice share their contradictions.
  const world = { from: 'starter-world' as const, world: 1, count: 150, constructed: false }
  const set = await bench.sampledBench({ prompts: world, responses: 2, repeatShare: 0.5 })
  await bench.call('preferences.show', { set })
  let state = await bench.call('ranking.state', { set, labeler: 'me' })
  for (let i = 0; i < 60 && state.card; i++) {
    const { number, pass, responses } = state.card
    const outcome =
      i % 7 === 3 ? ('skipped' as const) : i % 11 === 5 ? ('all-bad' as const) : ('ranked' as const)
    const ranks = responses.map((_, place) => ((place + i * number) % 3 === 0 ? 2 : 1))
    const labeler = 'me'
    state = await bench.call('ranking.rank', { set, number, pass, labeler, outcome, ranks, seconds: 1 })
    if (i % 9 === 8) state = await bench.call('ranking.undo', { set, labeler })
  }
  const kept = await bench.call('preferences.show', { set })
  const { agreement } = state
  bench.preferences.changed(set)
  expect(await bench.call('preferences.show', { set })).toEqual(kept)
  expect(await bench.call('preferences.agreement', { sets: [set] })).toEqual(agreement)
  expect(kept.ranked).toBeGreaterThan(20)
})

it('an export that is imported says the same: every ranking, tie, skip, noisy pair and task', async () => {
  const bench = openBench()
  const world = { from: 'starter-world' as const, world: 3, count: 40, constructed: true }
  const set = await bench.sampledBench({ prompts: world, responses: 4, repeatShare: 0.5 })
  const simulation = { policy: 'truth-then-style' as const, noise: 0.3, seed: 4 }
  await bench.jobs.wait((await bench.call('ranking.simulate', { set, ...simulation })).job)
  let state = await bench.call('ranking.state', { set, labeler: 'Ann É' })
  for (let i = 0; state.card; i++) {
    const { number, pass, responses } = state.card
    const outcome = (['ranked', 'ranked', 'skipped', 'ranked', 'all-bad'] as const)[i % 5]!
    const ranks = responses.map((_, place) => (place % 3 === 2 ? null : 1 + ((place + i) % 2)))
    const said = { outcome, ranks, seconds: i / 2 }
    state = await bench.call('ranking.rank', { set, number, pass, labeler: 'Ann É', ...said })
  }
  const { path, lines } = await bench.call('preferences.export', { sets: [set], format: 'rankings' })
  const importing = preferenceImportHandlers(
    { workspace: bench.workspace, jobs: bench.jobs, publish: () => {} },
    bench.preferences,
    bench.files,
  )
  const started = await importing['preferences.import']({ name: 'Again', files: [bench.files.grant(path)] })
  const imported = await bench.jobs.wait<PreferenceImport>(started.job)
  expect(imported).toMatchObject({ read: lines, accepted: lines, rejected: 0, duplicates: 0 })
  const rowsOf = (id: string) =>
    [...bench.preferences.rowsOf([id])].map(({ set: _, number: __, ...row }) => row)
  expect(rowsOf(imported.set)).toEqual(rowsOf(set))
  const counts = async (id: string) => {
    const { ranked, skipped, allBad, pairs, ties, labelers } = await bench.call('preferences.show', {
      set: id,
    })
    return { ranked, skipped, allBad, pairs, ties, labelers }
  }
  expect(await counts(imported.set)).toEqual(await counts(set))
  const agreement = (id: string) => bench.call('preferences.agreement', { sets: [id] })
  expect(await agreement(imported.set)).toEqual(await agreement(set))
})
