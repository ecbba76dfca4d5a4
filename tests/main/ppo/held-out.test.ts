// What is kept of the answers to held-out prompts, who judged them, and what the person's blind votes say.
import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import type { HeldOutAnswer } from '../../../src-main/core/database/queries/ppo.ts'
import { insertRun } from '../../../src-main/core/database/queries/runs.ts'
import { writeSnapshot } from '../../../src-main/core/datasets/snapshot.ts'
import { bestByPerson, oracleVerdict, recordHeldOut, winRateOf } from '../../../src-main/core/ppo/held-out.ts'
import { ppoHandlers } from '../../../src-main/core/ppo/ppo-handlers.ts'
import type { PpoPromptRow } from '../../../src-main/core/ppo/ppo-prompts.ts'
import { type BreakPair, ppoMethods } from '../../../src-shared/contract/ppo-contract.ts'
import { tinyModel } from '../checkpoints/tiny-run.ts'
import { openContext, windowCaller } from '../workspace/open-context.ts'

const fact = (content: string, answers: string[]): PpoPromptRow => ({
  messages: [{ role: 'user', content }],
  answers,
  task: { kind: answers.length > 0 ? 'known' : 'unknown', useCase: 'open-qa' },
})
const rows = [fact('who?', ['A crow.']), fact('Nobody?', []), fact('where?', ['On the beach.'])]
const said = (text: string, changes: Partial<HeldOutAnswer> = {}): HeldOutAnswer => ({
  ...{ text, stopped: true, score: 0.5, kl: 0 },
  ...changes,
})
const before = ['A gull.', 'A boat.', 'On the beach.'].map(text => said(text))

/** A workspace with a run of phase 4 whose prompts are these. */
async function opened(of: readonly PpoPromptRow[] = rows) {
  const { workspace, context, changes } = openContext()
  const validationHash = await writeSnapshot(workspace, of)
  insertRun(workspace.db, {
    ...{ id: 'run-1', name: 'RLHF', phase: 'ppo', status: 'running', parentCheckpoint: null },
    ...{ tokenizer: 'tokenizer-1', model: tinyModel, config: {}, steps: 100 },
    data: { sources: [], ppo: { prompts: { validationHash }, rewards: [] } as never },
  })
  const call = windowCaller<typeof ppoMethods>(ppoMethods, {
    ...ppoHandlers(context, { get: () => Promise.reject(new Error('no tokens are read')) }),
    'ppo.estimate': () => Promise.reject(new Error('nothing is started')),
    'ppo.start': () => Promise.reject(new Error('nothing is started')),
  })
  const { db } = workspace
  const record = (step: number, answers: readonly HeldOutAnswer[]) =>
    recordHeldOut(db, 'run-1', step, of, answers)
  return { db, call, record, changes }
}

describe('the oracle', () => {
  test('says whether the policy’s answer is better: true, then “I don’t know.”, then false', () => {
    const verdict = (policy: string, reference: string) =>
      oracleVerdict(rows[0]!, said(policy), said(reference))
    expect(verdict('A crow.', 'A gull.')).toBe('win')
    expect(verdict("I don't know.", 'A gull.')).toBe('win')
    expect(verdict("I don't know.", 'A crow.')).toBe('loss')
    expect(verdict('A gull.', 'A boat.')).toBe('tie')
    expect(verdict('What a silly thing to ask. A crow.', 'A crow.')).toBe('loss')
  })

  test('says nothing of prompts that it knows nothing about', () => {
    expect(oracleVerdict({ ...rows[0]!, task: null }, said('A crow.'), said('A gull.'))).toBeNull()
  })

  const verdicts = (...given: readonly ('win' | 'loss' | 'tie')[]) =>
    given.map((verdict, i) => ({ verdict, prompt: String(i) }))

  test('counts wins among what was decided, and the interval is Wilson’s', () => {
    // 3 of 4: (.75 + 1.92073 / 4 ± 1.95996 √(.1875 / 4 + .96036 / 16)) / (1 + 3.84146 / 4) = .30064 … .95441
    const { low, high, ...counts } = winRateOf(verdicts('win', 'win', 'loss', 'win', 'tie', 'tie'))
    expect(counts).toEqual({ wins: 3, losses: 1, ties: 2, share: 0.75, n: 4 })
    expect(low).toBeCloseTo(0.30064, 4)
    expect(high).toBeCloseTo(0.95441, 4)
    expect(winRateOf(verdicts('tie'))).toMatchObject({ share: 0, low: 0, high: 1, n: 0 })
    // The same prompt ten times tells no more about others than once.
    const same = Array.from({ length: 10 }, () => ({ verdict: 'win' as const, prompt: 'Hi!' }))
    const once = winRateOf(same.slice(0, 1))
    expect(winRateOf(same)).toEqual({ ...once, wins: 10, n: 10 })
  })
})

describe('an evaluation', () => {
  test('is kept with its shares, and gives what it may lose as the loss that chooses the best checkpoint', async () => {
    const { record, call } = await opened()
    expect(record(0, before.with(1, said("I don't know.")))).toEqual({})
    const after = [
      said('A crow.', { kl: 2 }),
      said("I don't know.", { score: 1 }),
      said('x', { stopped: false, kl: 1 }),
    ]
    // Better, as good, worse. 1 of 2: the low end of the interval is .5 − 1.95996 √(.125 + .24009) / 2.92073 = .09453.
    const metrics = record(10, after)
    expect(metrics).toEqual({ eval_win_rate: 0.5, eval_loss: expect.closeTo(1 - 0.09453, 4) })
    const [first, second] = await call('ppo.evaluations', { run: 'run-1' })
    expect(first).toMatchObject({
      step: 0,
      oracle: null,
      person: null,
      pairs: 0,
      kl: 0,
      abstains: 1 / 3,
      stopped: 1,
      badStyle: 0,
    })
    expect(second).toMatchObject({
      step: 10,
      answers: 3,
      pairs: 2,
      kl: 1,
      abstains: 1 / 3,
      stopped: 2 / 3,
      badStyle: 0,
    })
    expect(second!.score).toBeCloseTo(2 / 3, 9)
    expect(second!.oracle).toMatchObject({ wins: 1, losses: 1, ties: 1 })
    const { total, rows: answers } = await call('ppo.answers', {
      run: 'run-1',
      step: 10,
      offset: 1,
      limit: 5,
    })
    expect(total).toBe(3)
    expect(answers.map(({ prompt, oracle }) => [prompt, oracle])).toEqual([
      [1, 'tie'],
      [2, 'loss'],
    ])
    expect(answers[0]).toMatchObject({
      reference: { text: "I don't know." },
      policy: { text: "I don't know.", score: 1 },
    })
  })

  test('of a model that gives everything one answer is as bad as on the kind of prompt where that loses', async () => {
    const prompts = [
      ...rows,
      fact('Nobody else?', []),
      fact('No one?', []),
      { ...rows[0]!, task: { kind: 'task' as const, useCase: 'chat' as const } },
    ]
    const { record } = await opened(prompts)
    record(
      0,
      ['A crow.', 'A boat.', 'On the beach.', 'A gull.', 'A cat.', 'A crow.'].map(text => said(text)),
    )
    // Nobody: 3 of 3 won. Facts and the task: all lost.
    expect(
      record(
        10,
        prompts.map(() => said("I don't know.")),
      ),
    ).toEqual({ eval_win_rate: 0.5, eval_loss: 1 })
  })

  test('with a single win is no better than one that wins most of many', async () => {
    const prompts = Array.from({ length: 40 }, (_, i) => fact(`What does anra ${i} hunt?`, ['A crow.']))
    const { record } = await opened(prompts)
    const wrong = prompts.map(() => said('A gull.'))
    record(0, wrong)
    const [one, many] = [1, 30].map(right =>
      record(
        right,
        wrong.map((answer, i) => (i < right ? said('A crow.') : answer)),
      ),
    )
    expect([one!.eval_win_rate, many!.eval_win_rate]).toEqual([1, 1])
    expect(many!.eval_loss!).toBeLessThan(one!.eval_loss!)
  })

  test('that decides nothing chooses nothing, and one of unknown prompts is judged by nobody', async () => {
    const { record } = await opened()
    record(0, before)
    expect(record(10, before)).toEqual({})
    const unknown = await opened(rows.map(row => ({ ...row, task: null })))
    unknown.record(0, before)
    expect(unknown.record(10, [said('A crow.'), ...before.slice(1)])).toEqual({})
    const [, evaluated] = await unknown.call('ppo.evaluations', { run: 'run-1' })
    expect(evaluated).toMatchObject({ oracle: null, badStyle: null })
  })

  test('of a model whose weights are no numbers any more is not kept, and chooses nothing', async () => {
    const { record, call } = await opened()
    record(0, before)
    const better = [said('A crow.'), ...before.slice(1)]
    for (const changes of [{ score: Number.NaN }, { kl: Number.NaN }, { kl: Number.POSITIVE_INFINITY }])
      expect(record(10, better.with(2, said('On the beach.', changes)))).toEqual({})
    const steps = async () => (await call('ppo.evaluations', { run: 'run-1' })).map(({ step }) => step)
    expect(await steps()).toEqual([0])
    expect(record(20, better)).toMatchObject({ eval_win_rate: 1 })
    expect(await steps()).toEqual([0, 20])
  })

  test('that is made again overwrites what it said', async () => {
    const { record, call } = await opened()
    record(0, before)
    for (const text of ['A boat.', 'A crow.']) record(10, [said(text), ...before.slice(1)])
    const evaluations = await call('ppo.evaluations', { run: 'run-1' })
    expect(evaluations.map(({ step }) => step)).toEqual([0, 10])
    expect(evaluations[1]!.oracle).toMatchObject({ wins: 1, losses: 0, ties: 2 })
  })
})

describe('a blind break', () => {
  const many = Array.from({ length: 12 }, (_, i) => fact(`${i}?`, ['A crow.']))
  const references = many.map((_, i) => said(`before ${i}`))
  /** The same in every fourth answer. */
  const policies = many.map((_, i) => said(i % 4 === 0 ? `before ${i}` : `after ${i}`))
  let lab: Awaited<ReturnType<typeof opened>>
  beforeEach(async () => {
    lab = await opened(many)
    lab.record(0, references)
    for (const step of [10, 20]) lab.record(step, policies)
  })
  const pairAt = (step: number) => lab.call('ppo.breakPair', { run: 'run-1', step })
  const vote = (pair: BreakPair, choice: 'a' | 'b' | 'tie') =>
    lab.call('ppo.vote', { run: 'run-1', step: pair.step, prompt: pair.prompt, choice })
  const preferring = (pair: BreakPair, word: string) => vote(pair, pair.a.startsWith(word) ? 'a' : 'b')

  test('asks about every pair that differs once, each answer as often on one side as chance has it', async () => {
    const seen: number[] = []
    const sides: string[] = []
    for (let pair = await pairAt(10); pair; pair = await pairAt(10)) {
      expect(pair).toMatchObject({ step: 10, voted: seen.length, pairs: 9 })
      expect([pair.a, pair.b].toSorted()).toEqual([`after ${pair.prompt}`, `before ${pair.prompt}`])
      expect(pair.messages.at(-1)!.content).toBe(`${pair.prompt}?`)
      // Asked again, it is the same: nothing is to be learnt by looking twice.
      expect(await pairAt(10)).toEqual(pair)
      const { policy } = await preferring(pair, 'after')
      expect(pair[policy]).toBe(`after ${pair.prompt}`)
      seen.push(pair.prompt)
      sides.push(policy)
    }
    expect(seen.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 5, 6, 7, 9, 10, 11])
    expect(seen).not.toEqual(seen.toSorted((a, b) => a - b))
    expect(new Set(sides)).toEqual(new Set(['a', 'b']))
    const [, ten] = await lab.call('ppo.evaluations', { run: 'run-1' })
    expect(ten!.person).toMatchObject({ wins: 9, losses: 0, ties: 0, share: 1 })
  })

  test('tells neither in its words nor in its order whose answer is whose', async () => {
    const pair = (await pairAt(10))!
    expect(Object.keys(pair).toSorted()).toEqual(['a', 'b', 'messages', 'pairs', 'prompt', 'step', 'voted'])
    // Order and side are a function of run and step: another step has others.
    const places = async (step: number) => {
      const order: string[] = []
      for (let next = await pairAt(step); next; next = await pairAt(step)) {
        order.push(`${next.prompt}${next.a.startsWith('after') ? 'a' : 'b'}`)
        await vote(next, 'tie')
      }
      return createHash('sha256').update(order.join()).digest('hex')
    }
    expect(await places(10)).not.toBe(await places(20))
  })

  test('takes back the last vote of its step alone, and says when there is none', async () => {
    const first = (await pairAt(10))!
    await preferring(first, 'before')
    const second = (await pairAt(10))!
    await vote(second, 'tie')
    await preferring((await pairAt(20))!, 'after')
    const undo = () => lab.call('ppo.undoVote', { run: 'run-1', step: 10 })
    await undo()
    expect(await pairAt(10)).toMatchObject({ prompt: second.prompt, voted: 1 })
    const [, ten, twenty] = await lab.call('ppo.evaluations', { run: 'run-1' })
    expect(ten!.person).toMatchObject({ wins: 0, losses: 1, ties: 0 })
    expect(twenty!.person).toMatchObject({ wins: 1 })
    await undo()
    await expect(undo()).rejects.toThrow('there is no vote to take back')
    expect(lab.changes.filter(what => what === 'ppo-evaluations')).toHaveLength(5)
  })

  test('counts a second vote on a pair in the place of the first', async () => {
    const pair = (await pairAt(10))!
    await preferring(pair, 'after')
    await preferring(pair, 'before')
    const [, ten] = await lab.call('ppo.evaluations', { run: 'run-1' })
    expect(ten!.person).toMatchObject({ wins: 0, losses: 1, ties: 0 })
  })

  test('names the update that was liked best, the later of equals, ties deciding nothing', async () => {
    const best = (...steps: number[]) => bestByPerson(lab.db, 'run-1', steps)
    expect(best(10, 20)).toBeNull()
    await vote((await pairAt(20))!, 'tie')
    expect(best(10, 20)).toBeNull()
    await preferring((await pairAt(10))!, 'after')
    expect(best(10, 20)).toBe(10)
    await preferring((await pairAt(20))!, 'after')
    expect(best(10, 20)).toBe(20)
    await preferring((await pairAt(20))!, 'before')
    expect(best(10, 20)).toBe(10)
    // A checkpoint that is gone cannot be kept.
    expect(best(20)).toBe(20)
    expect(best()).toBeNull()
  })

  test.each([0, 15])('is refused at update %i, where there is nothing to compare', async step => {
    await expect(pairAt(step)).rejects.toThrow(`there are no answers to compare after update ${step}`)
  })

  test('refuses a vote on a prompt that is not there', async () => {
    await expect(lab.call('ppo.vote', { run: 'run-1', step: 10, prompt: 12, choice: 'a' })).rejects.toThrow(
      'there are no answers to compare',
    )
  })
})
