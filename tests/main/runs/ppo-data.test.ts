// What a run of phase 4 asks in which update, and whose answers its rules pay for.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodePrompts, type PpoPromptRow } from '../../../src-main/core/ppo/ppo-prompts.ts'
import { nothingToAsk, PpoData } from '../../../src-main/core/runs/ppo-data.ts'
import { parsePpoConfig } from '../../../src-shared/config/ppo-config.ts'
import type { RewardSource } from '../../../src-shared/contract/ppo-contract.ts'
import { CharacterTokenizer } from '../../../src-shared/tokenizer/character.ts'
import { chatStopTokens } from '../../../src-shared/tokenizer/chat-template.ts'
import { openContext } from '../workspace/open-context.ts'

const tokenizer = new CharacterTokenizer([...'abcdefghijklmnopqrstuvwxyz0123456789?. �'])
const [end] = chatStopTokens(tokenizer)
const exact: RewardSource = { kind: 'exact', weight: 1 }

/** Prompts of one kind, numbered, with an answer that no other has. */
async function promptsOf(kind: string, count: number) {
  const rows = Array.from(
    { length: count },
    (_, i): PpoPromptRow => ({
      messages: [{ role: 'user', content: `${kind} ${i}?` }],
      answers: [`${kind} is ${i}.`],
      task: null,
    }),
  )
  return (await encodePrompts(rows, tokenizer, 64)).prompts
}

async function opened(
  { train = 7, heldOut = 0, batchSize = 3, seed = 1 },
  rewards: readonly RewardSource[] = [exact],
) {
  const prompts = { train: await promptsOf('who', train), heldOut: await promptsOf('where', heldOut) }
  const config = parsePpoConfig({ batchSize, seed })
  const data = new PpoData(openContext().context, prompts, rewards, config, tokenizer, null)
  /** Numbers of the prompts of an update. */
  const asked = (step: number) =>
    data
      .rolloutPrompts(step)
      .map(tokens => prompts.train.findIndex(each => each.tokens.join() === tokens.join()))
  return { data, asked }
}

/** An answer as the policy writes it. */
const said = (text: string) => Int32Array.of(...tokenizer.encode(text), end!)
const answersTo = (numbers: readonly number[], kind = 'who') => numbers.map(n => said(`${kind} is ${n}.`))

describe('the prompts of a run', () => {
  test.each([
    { train: 7, batchSize: 3 },
    { train: 5, batchSize: 4 },
    // More answers in an update than there are prompts.
    { train: 3, batchSize: 8 },
  ])(
    '$train are each answered once per epoch, $batchSize an update, in another order in each',
    async shape => {
      const { asked } = await opened(shape)
      const epochs = 5
      const steps = Math.ceil((epochs * shape.train) / shape.batchSize)
      const all = Array.from({ length: steps }, (_, step) => asked(step)).flat()
      const orders = Array.from({ length: epochs }, (_, epoch) =>
        all.slice(epoch * shape.train, (epoch + 1) * shape.train),
      )
      for (const order of orders) expect(order.toSorted()).toEqual([...Array(shape.train).keys()])
      expect(new Set(orders.map(String)).size).toBeGreaterThan(1)
    },
  )

  test('come in the order of the run’s seed, whichever update is asked for first', async () => {
    const of = async (seed: number, steps: readonly number[]) => {
      const { asked } = await opened({ train: 11, batchSize: 4, seed })
      return new Map(steps.map(step => [step, asked(step)]))
    }
    const forwards = await of(1, [0, 1, 2, 3])
    expect(await of(1, [3, 0, 2, 1])).toEqual(forwards)
    expect(await of(2, [0, 1, 2, 3])).not.toEqual(forwards)
  })

  test('are none without a prompt', async () => {
    await expect(opened({ train: 0 })).rejects.toThrow('there is no prompt to train on')
    await expect(opened({ train: 0, heldOut: 2 })).rejects.toThrow('all 2 prompts')
  })
})

describe('a rule that knows the right answer', () => {
  test('pays in every update for the answers to the prompts of that update, place by place', async () => {
    const { data, asked } = await opened({ train: 7, batchSize: 3 })
    const reward = (step: number, responses: Int32Array<ArrayBuffer>[]) => [
      ...data.ruleRewards({ step, of: 'rollouts', responses, stopped: responses.map(() => true) }),
    ]
    fc.assert(
      fc.property(fc.nat(40), fc.uniqueArray(fc.nat(2)), (step, wrong) => {
        const numbers = asked(step)
        const responses = answersTo(numbers.map((n, i) => (wrong.includes(i) ? (n + 1) % 7 : n)))
        expect(reward(step, responses)).toEqual(numbers.map((_, i) => (wrong.includes(i) ? 0 : 1)))
      }),
    )
    // What is right in one update is not in the next.
    for (const step of [0, 1, 2]) expect(reward(step + 1, answersTo(asked(step)))).not.toEqual([1, 1, 1])
  })

  test('pays for an answer that ended, and counts its tokens with the one that ended it', async () => {
    const { data, asked } = await opened({ batchSize: 3 }, [exact, { kind: 'length', target: 10, weight: 1 }])
    const [responses, stopped] = [answersTo(asked(0)), [true, false, true]]
    // “who is 4.” has 9 characters, and its end is the tenth.
    expect([...data.ruleRewards({ step: 0, of: 'rollouts', responses, stopped })]).toEqual([1, 0, 1])
  })

  test('knows the held-out prompts by their own order, in every update', async () => {
    const { data } = await opened({ heldOut: 4 })
    expect(data.heldOutPrompts()).toHaveLength(4)
    for (const step of [0, 5]) {
      const of = { step, of: 'held-out' as const, stopped: [true, true, true, true] }
      expect([...data.ruleRewards({ ...of, responses: answersTo([0, 1, 2, 3], 'where') })]).toEqual([
        1, 1, 1, 1,
      ])
      expect([...data.ruleRewards({ ...of, responses: answersTo([0, 2, 1, 3], 'where') })]).toEqual([
        1, 0, 0, 1,
      ])
    }
  })

  test('has no number for a sample, of whose prompt nothing is known', async () => {
    const { data, asked } = await opened({})
    const responses = answersTo(asked(0))
    const stopped = [true, true, true]
    expect([...data.ruleRewards({ step: 0, of: 'samples', responses, stopped })]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ])
  })
})

test.each([
  { refused: 0, heldOut: 0, what: 'there is no prompt to train on', fix: 'give some prompts' },
  { refused: 1, heldOut: 0, what: 'the only prompt leaves no room for an answer', fix: 'shorter prompts' },
  {
    ...{ refused: 1200, heldOut: 0, fix: 'shorter prompts' },
    what: 'all 1,200 prompts leave no room for an answer',
  },
  {
    ...{ refused: 0, heldOut: 1, fix: 'set validationShare to 0' },
    what: 'the only prompt that could be trained on is held out',
  },
  {
    ...{ refused: 3, heldOut: 2, fix: 'set validationShare to 0' },
    what: 'all 2 prompts that could be trained on are held out',
  },
])('“$what” is said where that is so, with what helps', ({ refused, heldOut, what, fix }) => {
  const { facts } = nothingToAsk(refused, heldOut)
  expect(facts).toMatchObject({ code: 'bad-input', where: 'prompts', what })
  expect(facts.fix).toContain(fix)
})
