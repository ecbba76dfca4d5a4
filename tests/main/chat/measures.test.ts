// What other models say of the chat's answers: a reward model's score and the KL against the fine-tuned model, on the real
// engine with one small model of each phase.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { divergence } from '../../../src-main/core/chat/measuring.ts'
import type { ChatAnswer, Conversation } from '../../../src-shared/contract/chat-contract.ts'
import { type ChatLab, column, openChatLab } from './chat-lab.ts'

describe('KL of an answer', () => {
  it('is the sum of what its tokens are likelier than under the reference', () => {
    // 0.3, 0.2, 0.9 against 0.1, 0.5, 0.9: ln 3 + ln 0.4 + 0 = ln 1.2.
    const logs = (...p: number[]) => p.map(each => Math.log(each))
    const { value, nats } = divergence(logs(0.3, 0.2, 0.9), logs(0.1, 0.5, 0.9))
    expect(value).toBeCloseTo(0.18232155679, 10)
    expect(nats).toEqual([1.0986, -0.9163, 0])
    expect(divergence([], [])).toEqual({ value: 0, nats: [] })
  })

  it('of weights that give no number is refused', () => {
    expect(() => divergence([Number.NaN], [0])).toThrow(/no number/)
  })
})

describe('answers side by side', () => {
  let chat: ChatLab
  let call: ChatLab['call']
  let base: string
  let tuned: string
  let judge: string
  beforeAll(async () => {
    chat = await openChatLab(1)
    call = chat.call
    base = chat.checkpoints[0]!
    const { set } = await call('demonstrations.create', { name: 'Talk' })
    for (const word of ['crow', 'boat', 'beach'])
      await call('demonstrations.add', {
        set,
        messages: [
          { role: 'user', content: `who ${word}?` },
          { role: 'assistant', content: `a ${word}.` },
        ],
      })
    tuned = await finished(
      (
        await call('sft.start', {
          checkpoint: base,
          sets: [set],
          config: { steps: 6, batchSize: 2, warmupSteps: 1, validationShare: 0, learningRate: 0.01 },
        })
      ).run,
    )
    const file = join(chat.path, '..', 'rankings.jsonl')
    const rows = Array.from({ length: 20 }, (_, i) => ({
      prompt: `who ${i}?`,
      chosen: 'a small crow',
      rejected: 'o',
    }))
    writeFileSync(file, rows.map(row => `${JSON.stringify(row)}\n`).join(''))
    const { job } = await call('preferences.import', {
      name: 'Ranked',
      files: [chat.lab.grantPath(file)],
    })
    const ranked = await chat.lab.waitForJob<{ set: string }>(job)
    judge = await finished(
      (
        await call('reward.start', {
          checkpoint: tuned,
          sets: [ranked.set],
          config: { steps: 3, batchSize: 4, evalInterval: 3, warmupSteps: 1, referenceSamples: 8 },
        })
      ).run,
    )
  }, 60_000)
  afterAll(() => chat.close())

  async function finished(run: string): Promise<string> {
    const { status, reason } = await chat.lab.waitForRun(run)
    if (status !== 'finished') throw new Error(`${run} is ${status}: ${reason}`)
    return (await call('checkpoints.list', { run }))[0]!.id
  }

  const answersOf = ({ turns }: Conversation): ChatAnswer[] => turns.flatMap(turn => turn.answers)
  const isOpen = ({ reward, kl }: ChatAnswer) =>
    [reward, kl].some(each => each && each.value === null && !each.error)

  /** Its answers when all that is wanted of them is there. */
  async function measured(conversation: string, again = false): Promise<ChatAnswer[]> {
    await chat.settled(conversation)
    const changes: (() => void)[] = []
    const stop = chat.lab.subscribe(topic => {
      if (topic === 'changed') for (const wake of changes.splice(0)) wake()
    })
    await call('chat.measure', { conversation, again })
    for (;;) {
      const changed = new Promise<void>(resolve => changes.push(resolve))
      const answers = answersOf(await call('chat.show', { conversation }))
      if (!answers.some(isOpen)) {
        stop()
        return answers
      }
      await changed
    }
  }

  async function asked(columns: ReturnType<typeof column>[], prompt = 'who ') {
    const { conversation } = await call('chat.create', { columns })
    const { turn } = await call('chat.send', { conversation, prompt, parent: null, seed: 3 })
    return { conversation, turn }
  }

  it('are scored, and held against the fine-tuned model, which is at 0 itself', async () => {
    const { conversation } = await asked([column(base), column(tuned, { mode: 'template' })])
    const [raw, answer] = await measured(conversation)
    for (const { reward } of [raw!, answer!]) {
      expect(reward).toMatchObject({ by: judge, error: null })
      expect(Number.isFinite(reward!.value)).toBe(true)
    }
    expect(answer!.kl).toMatchObject({ by: tuned, value: 0, error: null })
    expect(new Set((await call('chat.kl', { answer: answer!.id, reference: tuned })).nats)).toEqual(
      new Set([0]),
    )
    expect(raw!.kl).toMatchObject({ by: tuned, error: null })
    const { tokens } = await call('chat.tokens', { answer: raw!.id })
    const { nats } = await call('chat.kl', { answer: raw!.id, reference: tuned })
    expect(nats).toHaveLength(tokens.length)
    expect(nats.reduce((sum, each) => sum + each, 0)).toBeCloseTo(raw!.kl!.value!, 2)
    // What the fine-tuned model gives each token, asked one by one.
    let compared = 0
    for (const [i, token] of tokens.entries()) {
      const after = Int32Array.from(tokens.slice(0, i), ({ piece }) => piece.id)
      const { next } = await call('completion.next', {
        ...{ checkpoint: tuned, text: 'who ', after },
        ...{ temperature: 1, topK: 0, topP: 1, count: 200 },
      })
      const same = next.find(({ piece }) => piece.id === token.piece.id)
      if (!same) continue
      expect(nats[i]).toBeCloseTo(token.logProb - Math.log(same.probability), 3)
      compared++
    }
    expect(compared).toBeGreaterThan(4)
    const [again] = (
      await call('reward.score', { checkpoint: judge, prompt: 'who ', responses: [answer!.text] })
    ).responses
    if (answer!.stopped === 'end') expect(answer!.reward!.value).toBeCloseTo(again!.score, 4)
    else expect(answer!.reward!.value).toBeCloseTo(again!.prefixScores.at(-2)!, 4)
  }, 60_000)

  it('are measured in texts longer than the context, from the same windows', async () => {
    const { conversation } = await asked([column(base, { maxTokens: 110 })])
    const [long] = await measured(conversation)
    expect(long!.tokenCount).toBeGreaterThan(48)
    expect((await call('chat.kl', { answer: long!.id, reference: tuned })).nats).toHaveLength(
      long!.tokenCount,
    )
    expect(long!.kl!.error).toBeNull()
    // A reward model reads no more than its context.
    expect(long!.reward).toMatchObject({ value: null, error: { code: 'bad-input' } })
    expect(long!.reward!.error!.what).toMatch(/do not fit the context/)
  }, 60_000)

  it('of a long conversation are scored after as much of it as fits', async () => {
    const { conversation, turn } = await asked([column(tuned, { mode: 'template', maxTokens: 8 })])
    let parent = turn
    for (const prompt of ['where is the boat on the beach?', 'who are you, small crow, truly?']) {
      await chat.settled(conversation)
      parent = (await call('chat.send', { conversation, prompt, parent, seed: 4 })).turn
    }
    for (const { reward, kl } of await measured(conversation)) {
      expect(reward!.error).toBeNull()
      expect(kl!.value).toBe(0)
    }
  }, 60_000)

  it('keep what was measured when the app starts anew, and are scored by whom one chooses', async () => {
    const { conversation } = await asked([column(base), column(tuned)])
    const before = await measured(conversation)
    await chat.reopen()
    expect(answersOf(await call('chat.show', { conversation }))).toEqual(before)
    const checkpoints = [base, tuned]
    expect(await call('chat.measures', { checkpoints })).toEqual({
      choice: 'auto',
      reward: judge,
      references: [tuned, tuned],
    })
    await call('chat.chooseReward', { choice: 'off' })
    for (const { reward, kl } of answersOf(await call('chat.show', { conversation }))) {
      expect(reward).toBeNull()
      expect(kl).not.toBeNull()
    }
    // One that scores nothing: why, as a sentence, and no figure.
    await call('chat.chooseReward', { choice: base })
    for (const { reward, kl } of await measured(conversation)) {
      expect(reward).toMatchObject({ by: base, value: null, error: { code: 'bad-input' } })
      expect(kl!.value).not.toBeNull()
    }
    await expect(call('chat.chooseReward', { choice: 'gone-step-1' })).rejects.toThrow(/no checkpoint/)
    await call('chat.chooseReward', { choice: 'auto' })
    expect(answersOf(await call('chat.show', { conversation }))).toEqual(before)
  }, 60_000)

  it('that a lost engine left unmeasured are measured when they are asked for again', async () => {
    const { conversation } = await asked([column(base)], 'where ')
    await chat.settled(conversation)
    await chat.engine.stop()
    const [failed] = await measured(conversation)
    if (failed!.kl!.value === null) expect(failed!.kl!.error!.code).toBe('engine-lost')
    const [there] = await measured(conversation, true)
    expect(there!.kl!.value).not.toBeNull()
    expect(there!.reward!.value).not.toBeNull()
  }, 60_000)
})
