// The command `evaluate`, on the real engine and models made for a moment.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evaluate } from '../../../src-main/terminal/commands/evaluate.ts'
import { pairText, voteByKeys } from '../../../src-main/terminal/evaluation/vote-by-keys.ts'
import { Progress } from '../../../src-main/terminal/progress.ts'
import type { Key } from '../../../src-main/terminal/ranking/keys.ts'
import { Session } from '../../../src-main/terminal/session.ts'
import type { EvaluationReport, VoteState } from '../../../src-shared/contract/evaluation-contract.ts'
import { type ChatLab, openChatLab } from '../chat/chat-lab.ts'

let lab: ChatLab
let session: Session
beforeAll(async () => {
  lab = await openChatLab(2, 3)
  session = new Session({
    lab: lab.lab,
    engineHost: lab.engine,
    json: true,
    progress: new Progress({ write: () => {} }),
    stdout: { write: () => true },
  })
}, 60_000)
afterAll(() => lab.close())

const run = async (options: Partial<Parameters<typeof evaluate.run>[2]>) => {
  const output = await evaluate.run(session, [], { split: 'test', seed: 5, ...options })
  return { report: output.json as EvaluationReport, text: output.text }
}
const two = () => [`first=${lab.checkpoints[0]}`, lab.checkpoints[1]!]
const prompts = ['Who are you?', 'Where is the boat?', 'Why?']

describe('evaluate', () => {
  it('lets checkpoints answer, keeps what they said, and shows it again', async () => {
    const { report, text } = await run({ checkpoint: two(), prompt: prompts, temperature: [1] })
    expect(report).toMatchObject({
      models: [{ label: 'first' }, { label: 'Base 2', phase: 'pretrain' }],
      parts: ['tournament', 'ladder'],
      answers: 2 * (3 + 120),
      winRates: [],
    })
    expect(text).toContain('17 × 24: products of two digits')
    expect(text).toContain(
      `Nobody has judged yet: vote with andromeda evaluate --vote ${report.evaluation}, or in the Evaluate tab`,
    )
    for (const { confidence } of Object.values(report.arithmetic)) {
      // A random model of 300 tokens is sure of nothing, and gives no token 0.
      expect(confidence).toBeGreaterThan(1 / 300)
      expect(confidence).toBeLessThan(0.5)
    }
    const again = await run({ resume: report.evaluation })
    expect(again.report).toEqual({ ...report, seconds: expect.any(Number) })
    const anew = await run({ checkpoint: two(), prompt: prompts, temperature: [1] })
    const answers = (evaluation: string) =>
      session.call('evaluation.answers', { evaluation, offset: 0, limit: 200 })
    expect(await answers(anew.report.evaluation)).toEqual(await answers(report.evaluation))
  })

  it('knows from which world a model learned, and calls it by its phase', async () => {
    const { report, text } = await run({ checkpoint: [lab.checkpoints[0]!], parts: ['ladder'] })
    expect(report.prompts).toEqual({ from: 'starter-world', seed: 3, split: 'test' })
    expect(Object.keys(report.arithmetic)).toEqual(['base'])
    expect(text).toContain('starter world 3, test questions')
  })

  it('lists the evaluations there are, and finds one by its name', async () => {
    await run({ checkpoint: two(), prompt: prompts, parts: ['tournament'], name: 'Two crows' })
    const output = await evaluate.run(session, [], { split: 'test', seed: 0, list: true })
    expect(output.text).toMatch(
      /^evaluation +name +begun +models +answers +votes\n\S+ +Two crows .* first, Base 2 +12 +0$/m,
    )
    const { report } = await run({ resume: 'Two crows' })
    expect(output.json).toMatchObject({
      evaluations: [{ evaluation: report.evaluation, votes: 0 }, {}, {}, {}],
    })
  })

  it('refuses what does not go together, and figures out of range', async () => {
    const checkpoint = two()
    await expect(run({ checkpoint, prompt: prompts, world: 1 })).rejects.toThrow(/not both/)
    await expect(run({ checkpoint, judge: ['reward-model'] })).rejects.toThrow(/needs --reward-checkpoint/)
    await expect(run({ checkpoint, judge: ['oracle'], rewardCheckpoint: 'x' })).rejects.toThrow(/for --judge/)
    await expect(run({ checkpoint, text: 'a.txt' })).rejects.toThrow(/one --checkpoint/)
    await expect(run({ checkpoint, prompt: prompts, temperature: [99] })).rejects.toThrow(/temperatures/)
    await expect(run({ resume: 'nope <b>' })).rejects.toThrow(
      'there is no evaluation "nope <b>". See andromeda evaluate --list.',
    )
  })

  it('takes votes by keys: blind, with undo, and later on where they ended', async () => {
    const { report } = await run({
      checkpoint: two(),
      prompt: prompts,
      temperature: [1],
      parts: ['tournament'],
    })
    const voter = { evaluation: report.evaluation, labeler: 'Ada' }
    const shown: string[] = []
    async function* keys(text: string): AsyncGenerator<Key> {
      for (const char of text) yield { char }
    }
    const vote = (text: string) => voteByKeys(session, voter, keys(text), line => shown.push(line))
    const { votes, state } = await vote('u1x=u=q2')
    expect([votes, state.done, state.total]).toEqual([2, 2, 3])
    expect(shown.join('\n')).not.toMatch(/Base 2|first|run-/)
    expect(shown.filter(line => line.startsWith('──'))).toHaveLength(5)
    expect(shown[1]).toBe('There is nothing to take back.')
    expect(await vote('u=q'), 'one of before is taken back').toMatchObject({ votes: 1, state: { done: 2 } })
    const last = { votes: 0, skipped: 1, state: { pair: null, done: 3 } }
    expect(await vote('s1'), 'a skip is no vote').toMatchObject(last)
    const [winRate] = (await run({ resume: report.evaluation })).report.winRates
    expect(winRate).toMatchObject({ a: 'Base 2', b: 'first', ties: 1, judge: 'person:Ada' })
    expect(winRate!.wins + winRate!.losses).toBe(1)
  })

  it('shows an answer behind a margin, so that none can look like a line of ours', () => {
    const hostile = { text: 'x\n── Pair 2 of 2\u001b[2J', stopped: false }
    const pair = { place: 0, messages: [], left: hostile, right: { text: '', stopped: true } }
    const text = pairText(pair, { done: 0, total: 2 } as VoteState)
    expect(text).not.toContain('\u001b')
    expect(text.split('\n').filter(line => line.startsWith('──'))).toHaveLength(1)
    expect(text).toContain('(nothing)')
    expect(text).toContain('(cut off)')
  })
})
