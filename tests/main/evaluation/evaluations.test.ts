// Evaluations as jobs: asked, kept, cut off, gone on with, shown again and judged.
import { describe, expect, it } from 'vitest'
import type { EvaluationRequest } from '../../../src-shared/contract/evaluation-contract.ts'
import { worldQuestions } from '../../../src-shared/evaluation/questions.ts'
import { BASE, openEvaluations, PLEASED, RLHF, request, SFT, STRANGER } from './open-evaluations.ts'

const typed = (...prompts: string[]) => ({ prompts: { from: 'typed' as const, prompts } })
const two = {
  models: [
    { label: 'sft', checkpoint: SFT },
    { label: 'rlhf', checkpoint: RLHF },
  ],
}
const sum = (a: number, b: number) => a + b

describe('An evaluation', () => {
  it('asks every checkpoint the same with the same seeds, keeps it all, and tells it the same after a restart', async () => {
    const questions = worldQuestions(3, 'development')
    // rlhf knows the truth, sft says that it does not know, base never ends.
    const right = new Map(questions.map(({ messages, answers }) => [messages[0]!.content, answers[0]]))
    const open = openEvaluations({
      answer: (checkpoint, question) => ({
        text:
          checkpoint === BASE
            ? 'and so on'
            : checkpoint === RLHF
              ? (right.get(question) ?? "I don't know.")
              : "I don't know.",
        stopped: checkpoint !== BASE,
      }),
    })
    const report = await open.evaluated()
    const perModel = 2 * questions.length + 120
    expect([report.answers, report.answersPlanned]).toEqual([3 * perModel, 3 * perModel])
    const asked = (of: string) =>
      open.asked
        .filter(({ checkpoint }) => checkpoint === of)
        .map(({ question, seed, temperature }) => [question, seed, temperature])
    expect(asked(SFT)).toEqual(asked(BASE))
    expect(new Set(open.asked.map(({ seed }) => seed)).size).toBeGreaterThan(500)

    const tasks = questions.filter(({ set }) => set === 'task').length
    const known = questions.filter(({ set }) => set === 'known').length
    const [, overSft] = report.winRates
    expect(overSft).toMatchObject({ a: 'rlhf', b: 'sft', losses: 0, ties: 200, wins: tasks + known })
    expect(report.truthfulness.rlhf).toMatchObject({
      known: { correct: 1 },
      unknown: { abstains: 1, questions: 200 },
    })
    expect(report).toMatchObject({
      tasks: { base: 0, sft: 0, rlhf: 1 },
      abstainsOnTasks: { base: 0, sft: 1, rlhf: 0 },
      badStyle: { base: 0, sft: 0, rlhf: 0 },
      judges: [{ id: 'oracle', trainedAgainst: [] }],
    })
    // Two tokens of probability 1/2 and 1/8.
    expect(report.arithmetic.sft!.confidence).toBeCloseTo(0.25, 6)
    const { evaluation, winRates } = report
    expect(await open.call('evaluation.list', {})).toMatchObject([{ evaluation, job: null }])
    expect(open.changes).toContain('evaluations')

    open.workspace.close()
    const again = openEvaluations({ root: open.root })
    expect(await again.call('evaluation.show', { evaluation })).toEqual(report)
    const { job } = await again.call('evaluation.resume', { evaluation })
    expect(await again.jobs.wait(job)).toMatchObject({ winRates, answers: report.answers })
    expect(again.asked).toEqual([])
    const page = await again.call('evaluation.answers', {
      evaluation,
      filter: { comparison: { a: 'rlhf', b: 'sft', judge: 'oracle', outcome: 'wins' }, temperature: 1 },
      offset: 3,
      limit: 2,
    })
    expect(page.total).toBe(tasks + known)
    expect(page.rows.map(({ number }) => number)).toEqual([3, 4])
    expect(page.rows[0]!.answers).toMatchObject([
      { label: 'sft', grade: 'abstains', scores: { oracle: expect.any(Number) } },
      { label: 'rlhf', grade: 'correct' },
    ])
  })

  it('that is cut off keeps what was answered, says what is missing, and asks only that when it goes on', async () => {
    const whole = openEvaluations()
    const expected = await whole.evaluated()

    const open = openEvaluations({
      beforeBatch: async number => {
        if (number === 3) open.jobs.cancel('job-1')
      },
    })
    const { evaluation, job } = await open.call('evaluation.start', request())
    await expect(open.jobs.wait(job)).rejects.toMatchObject({ facts: { code: 'cancelled' } })
    const part = await open.call('evaluation.show', { evaluation })
    expect(part.answers).toBe(open.asked.length)
    expect(part.answers).toBeGreaterThan(0)
    expect(part.answersPlanned).toBe(expected.answers)
    // Two models answered nothing together yet.
    expect(part.winRates).toEqual([])
    const voter = { evaluation, labeler: 'me' }
    await expect(open.call('evaluation.nextPair', voter)).rejects.toThrow(/not there yet/)

    const before = open.asked.length
    const on = await open.call('evaluation.resume', { evaluation })
    const again = await open.call('evaluation.resume', { evaluation })
    expect(again).toEqual(on)
    const report = await open.jobs.wait(on.job)
    const { winRates, truthfulness, manner, arithmetic } = expected
    expect(report).toMatchObject({ winRates, truthfulness, manner, arithmetic })
    expect(open.asked.length - before).toBe(expected.answers - part.answers)
    expect(open.asked).toEqual(whole.asked)
  })

  it('that is cut off while a reward model judges says how many scores are missing, and gives them when it goes on', async () => {
    const open = openEvaluations({
      beforeScores: async number => {
        if (number === 1) open.jobs.cancel('job-1')
      },
    })
    const questions = Array.from({ length: 290 }, (_, i) => `How many is ${i}?`)
    const { evaluation, job } = await open.call('evaluation.start', {
      ...two,
      ...typed(...questions),
      parts: ['tournament'],
      temperatures: [1],
      judges: [{ by: 'reward-model', checkpoint: STRANGER }],
    })
    await expect(open.jobs.wait(job)).rejects.toMatchObject({ facts: { code: 'cancelled' } })
    const [part] = await open.call('evaluation.list', {})
    expect(part).toMatchObject({ answers: 580, answersPlanned: 580, job: null })
    expect(part!.scoresMissing).toBeGreaterThan(0)
    expect(part!.scoresMissing).toBeLessThan(580)
    const told = open.changes.length
    const on = await open.call('evaluation.resume', { evaluation })
    expect(open.changes.length).toBe(told + 1)
    expect((await open.call('evaluation.list', {}))[0]!.job).toBe(on.job)
    expect(await open.jobs.wait(on.job)).toMatchObject({ answers: 580, scoresMissing: 0 })
  })

  it('tells how far it is, of how much, and who is answering', async () => {
    const open = openEvaluations()
    await open.evaluated({ ...two, ...typed('a?', 'b?'), parts: ['tournament'] })
    const said = open.statuses.map(({ done, total, note }) => ({ done, total, note }))
    expect(said).toContainEqual({ done: 3, total: 8, note: 'sft answers greedily' })
    expect(open.statuses.at(-1)).toMatchObject({ state: 'done', done: 8, total: 8, unit: 'answers' })
  })

  it('of typed prompts has a tournament that only people and reward models can judge, and sums', async () => {
    const open = openEvaluations()
    const report = await open.evaluated(typed('Who?', ' Who? ', 'Why not?'))
    expect(report).toMatchObject({ parts: ['tournament', 'ladder'], winRates: [], tasks: {}, judges: [] })
    const { rows } = await open.call('evaluation.answers', {
      evaluation: report.evaluation,
      filter: { set: 'prompt', temperature: 0 },
      offset: 0,
      limit: 10,
    })
    expect(rows.map(({ messages }) => messages[0]!.content)).toEqual(['Who?', 'Why not?'])
    expect(rows[0]!.answers.map(({ grade }) => grade)).toEqual([null, null, null])
  })

  it('leaves out drawn prompts that leave no room for an answer, and asks the others', async () => {
    const open = openEvaluations()
    const set = open.demonstrations.create('mixed')
    for (const prompt of ['Who?', 'word '.repeat(80), 'Why not?'])
      open.demonstrations.add(set, {
        messages: [
          { role: 'user', content: prompt },
          { role: 'assistant', content: 'So.' },
        ],
      })
    const prompts = { from: 'demonstrations' as const, sets: [set], limit: 5 }
    const report = await open.evaluated({ ...two, prompts, parts: ['tournament'], temperatures: [0] })
    expect(report.answers).toBe(2 * 2)
    expect(open.asked.map(({ question }) => question).toSorted()).toEqual([
      'Who?',
      'Who?',
      'Why not?',
      'Why not?',
    ])
  })

  it('is gone when it is removed, comes back, and is deleted for good by the next start', async () => {
    const open = openEvaluations()
    const { evaluation } = await open.evaluated({ parts: ['ladder'] })
    await open.call('evaluation.rename', { evaluation, name: 'Sums' })
    await open.call('evaluation.remove', { evaluation })
    expect(await open.call('evaluation.list', {})).toEqual([])
    await open.call('evaluation.restore', { evaluation })
    expect(await open.call('evaluation.list', {})).toMatchObject([{ name: 'Sums', answers: 360 }])
    await open.call('evaluation.remove', { evaluation })
    open.workspace.close()
    const again = openEvaluations({ root: open.root })
    await expect(again.call('evaluation.show', { evaluation })).rejects.toMatchObject({
      facts: { code: 'not-found' },
    })
    for (const table of ['evaluation_questions', 'evaluation_answers'])
      expect(again.db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()).toBe(0)
  })
})

describe('A reward model as a judge', () => {
  it('is refused where a compared model learned to please it, by whatever checkpoint of its run', async () => {
    const { call, evaluated } = openEvaluations()
    const judges = [{ by: 'reward-model' as const, checkpoint: PLEASED }]
    const refused = call('evaluation.start', { ...request(), judges })
    await expect(refused).rejects.toThrow(/"rlhf" learned to please the reward model "Pleased"/)
    const marked = await evaluated({ ...two, judges: [{ ...judges[0]!, evenIfTrainedAgainst: true }] })
    expect(marked.judges).toMatchObject([{ id: `reward-model:${PLEASED}`, trainedAgainst: ['rlhf'] }])
  })

  it('judges beside the oracle; equal answers are scored once, and those that it has no room for by nobody', async () => {
    const open = openEvaluations({
      answer: (checkpoint, question) => ({
        text:
          checkpoint === SFT || question === 'same?'
            ? 'short'
            : question === 'long?'
              ? 'x'.repeat(40)
              : 'longer',
        stopped: true,
      }),
    })
    const judges = [{ by: 'reward-model' as const, checkpoint: STRANGER }]
    const report = await open.evaluated({ ...two, ...typed('any?', 'same?', 'long?'), judges })
    expect(report.winRates).toMatchObject([
      { temperature: 1, wins: 1, losses: 0, ties: 1, judge: `reward-model:${STRANGER}` },
      { temperature: 0, wins: 1, losses: 0, ties: 1, judge: `reward-model:${STRANGER}` },
    ])
    expect(report.judges[0]!.name).toContain('Stranger')
    expect([...open.scored].sort()).toEqual(['longer', 'short', 'short', 'short'])
  })

  it('is not the only one that can be pleased: the oracle is marked where truth itself was the reward', async () => {
    const { evaluated } = openEvaluations({ rewards: [{ kind: 'truth', weight: 1 }] })
    const report = await evaluated({ ...two, parts: ['tournament'] })
    expect(report.judges).toMatchObject([{ id: 'oracle', trainedAgainst: ['rlhf'] }])
  })
})

describe('What cannot be evaluated is refused before anything is asked', () => {
  const cases: Record<string, [Partial<EvaluationRequest>, RegExp]> = {
    'equal labels': [{ models: [...two.models, { label: 'sft', checkpoint: BASE }] }, /same label/],
    'a checkpoint twice': [
      { models: [...two.models, { label: 'other', checkpoint: SFT }] },
      /same checkpoint/,
    ],
    'a model that writes nothing': [{ models: [{ label: 'rm', checkpoint: STRANGER }] }, /writes none/],
    'a checkpoint that is not there': [
      { models: [{ label: 'x', checkpoint: 'run-x-step-1' }] },
      /no checkpoint/,
    ],
    'a tournament of one': [
      { models: [{ label: 'sft', checkpoint: SFT }], parts: ['tournament'] },
      /needs two models/,
    ],
    'truth of typed prompts': [{ ...typed('a'), parts: ['truthfulness'] }, /known what is true/],
    'the oracle on typed prompts': [
      { ...typed('a'), judges: [{ by: 'oracle' }] },
      /nothing of these prompts/,
    ],
    'a judge that scores nothing': [{ judges: [{ by: 'reward-model', checkpoint: SFT }] }, /judges none/],
    'a prompt that leaves no room for an answer': [
      typed('a?', 'word '.repeat(80)),
      /leaves ".*" no room for an answer: “word word .* …”.*prompts, 2 of 2/,
    ],
    'a set that is not there': [{ prompts: { from: 'demonstrations', sets: ['no'], limit: 5 } }, /no/],
  }
  it.each(Object.entries(cases))('%s', async (_, [change, words]) => {
    const { call, asked } = openEvaluations()
    await expect(call('evaluation.start', { ...request(), ...change })).rejects.toThrow(words)
    expect([asked.length, (await call('evaluation.list', {})).length]).toEqual([0, 0])
  })
})

describe('A person who votes', () => {
  const opened = async () => {
    const open = openEvaluations({
      answer: (checkpoint, question) => ({
        text: `${checkpoint === RLHF ? 'good' : 'bad'} ${question}`,
        stopped: true,
      }),
    })
    const { evaluation } = await open.evaluated({ ...two, ...typed('a?', 'b?', 'c?'), temperatures: [0] })
    return { open, evaluation, voter: { evaluation, labeler: 'Ada' } }
  }
  /** What the person prefers, whichever side it stands on. */
  const better = (pair: { left: { text: string } }): 'left' | 'right' =>
    pair.left.text.startsWith('good') ? 'left' : 'right'

  it('sees two answers without their names, and every vote counts once it is given', async () => {
    const { open, evaluation, voter } = await opened()
    let state = await open.call('evaluation.nextPair', voter)
    expect(state).toMatchObject({ done: 0, total: 3, canUndo: false })
    const sides = new Set<string>()
    for (const choice of ['better', 'tie', 'skip'] as const) {
      expect(JSON.stringify(state)).not.toMatch(/sft|rlhf|run-/)
      const { place } = state.pair!
      sides.add(better(state.pair!))
      const vote = { ...voter, place, choice: choice === 'better' ? better(state.pair!) : choice }
      state = await open.call('evaluation.vote', { ...vote, seconds: 2.5 })
      // A second click on the same pair changes nothing.
      await expect(open.call('evaluation.vote', vote)).rejects.toMatchObject({ facts: { code: 'conflict' } })
    }
    expect(state).toEqual({ pair: null, done: 3, total: 3, canUndo: true })
    const report = await open.call('evaluation.show', { evaluation })
    expect(report.votes).toBe(2)
    expect(report.winRates).toMatchObject([
      { a: 'rlhf', b: 'sft', wins: 1, losses: 0, ties: 1, judge: 'person:Ada' },
    ])
    expect(await open.call('evaluation.list', {})).toMatchObject([
      { votes: 2, judges: [{ by: 'person', name: 'Ada' }] },
    ])
  })

  it('is believed about the model whose answer was preferred, whichever side it stood on', async () => {
    const open = openEvaluations({
      answer: (checkpoint, question) => ({
        // What begins with a space is not told from what does not.
        text: `${checkpoint === RLHF ? ' good' : 'bad'} ${question}`,
        stopped: true,
      }),
    })
    const prompts = Array.from({ length: 20 }, (_, i) => `${i}?`)
    const { evaluation } = await open.evaluated({ ...two, ...typed(...prompts), temperatures: [0] })
    const voter = { evaluation, labeler: 'Ada' }
    const sides: string[] = []
    for (let state = await open.call('evaluation.nextPair', voter); state.pair; ) {
      sides.push(better(state.pair))
      state = await open.call('evaluation.vote', {
        ...voter,
        place: state.pair.place,
        choice: sides.at(-1) as 'left',
      })
    }
    expect(new Set(sides)).toEqual(new Set(['left', 'right']))
    const { winRates } = await open.call('evaluation.show', { evaluation })
    expect(winRates).toMatchObject([{ a: 'rlhf', b: 'sft', wins: 20, losses: 0 }])
  })

  it('takes votes back one by one, and goes on where the last sitting ended', async () => {
    const { open, evaluation, voter } = await opened()
    const first = await open.call('evaluation.nextPair', voter)
    const second = await open.call('evaluation.vote', { ...voter, place: 0, choice: better(first.pair!) })
    const third = await open.call('evaluation.vote', { ...voter, place: 1, choice: 'tie' })
    expect(await open.call('evaluation.undo', voter)).toEqual(second)
    expect(await open.call('evaluation.undo', voter)).toEqual(first)
    await expect(open.call('evaluation.undo', voter)).rejects.toMatchObject({ facts: { code: 'conflict' } })
    expect((await open.call('evaluation.show', { evaluation })).winRates).toEqual([])
    await open.call('evaluation.vote', { ...voter, place: 0, choice: 'left' })
    await open.call('evaluation.vote', { ...voter, place: 1, choice: 'right' })

    open.workspace.close()
    const again = openEvaluations({ root: open.root })
    expect(await again.call('evaluation.nextPair', voter)).toEqual(third)
    const other = await again.call('evaluation.nextPair', { evaluation, labeler: 'Grace' })
    expect(other).toMatchObject({ done: 0, total: 3 })
  })

  it('is no simulated labeler, and has nothing to vote on where there is no tournament', async () => {
    const { open, evaluation } = await opened()
    const simulated = { evaluation, labeler: 'simulated: longer wins' }
    await expect(open.call('evaluation.nextPair', simulated)).rejects.toThrow(/simulated/)
    const sums = await open.evaluated({ parts: ['ladder'] })
    const voter = { evaluation: sums.evaluation, labeler: 'Ada' }
    await expect(open.call('evaluation.nextPair', voter)).rejects.toThrow(/no tournament/)
    expect([
      sums.winRates,
      Object.values(sums.arithmetic)
        .map(({ accuracy }) => accuracy)
        .reduce(sum),
    ]).toEqual([[], 0])
  })
})
