// A report in words, the keys of the blind tournament, and the run that pays for abstaining.
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { voteActionOf } from '../../../../src-renderer/ui/components/blind/vote-keys.ts'
import {
  type AbstentionStart,
  abstentionName,
  abstentionProblem,
  abstentionRequest,
  abstentionWords,
} from '../../../../src-renderer/ui/features/evaluate/report/abstention-run.ts'
import {
  groupName,
  groupsByUseCase,
  judgedBy,
  ownJudgeId,
  pairGroups,
} from '../../../../src-renderer/ui/features/evaluate/report-words.ts'
import type { EvaluatedModel, WinRate } from '../../../../src-shared/contract/evaluation-contract.ts'
import type { RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { ppoMethods } from '../../../../src-shared/contract/ppo-contract.ts'
import { runOf } from '../../run-shapes.ts'

const model = (label: string, phase: EvaluatedModel['phase']): EvaluatedModel => ({
  label,
  phase,
  checkpoint: label,
  name: `run of ${label}`,
  step: 3,
})
const models = [model('base', 'pretrain'), model('sft', 'sft'), model('rlhf', 'ppo')]
const rate = (a: string, b: string, temperature: number, judge: string, wins = 5): WinRate => ({
  a,
  b,
  temperature,
  wins,
  losses: 2,
  ties: 3,
  rate: 5 / 7,
  low: 0.4,
  high: 0.9,
  judge,
})
const winRates = [
  rate('sft', 'base', 1, 'oracle'),
  rate('sft', 'base', 0, 'oracle'),
  rate('rlhf', 'sft', 1, 'oracle'),
  rate('sft', 'base', 1, 'person:me', 1),
]

test('a pair of models is one group with a row for each temperature, of one judge alone', () => {
  const groups = pairGroups({ winRates, models }, 'oracle')
  expect(groups.map(({ title, rows }) => [title, rows.map(({ name }) => name)])).toEqual([
    ['SFT over Base', ['temperature 1', 'greedy']],
    ['RLHF over SFT', ['temperature 1']],
  ])
  expect(groups[1]!.accent).toBe('var(--lab-phase-ppo)')
  expect(pairGroups({ winRates, models }, 'person:you')).toEqual([])
})

test('by use case there is a row for each, under its name in words', () => {
  const winRatesByGroup = ['unknown', 'closed-qa'].map(group => ({ ...winRates[0]!, group }))
  const [group] = groupsByUseCase({ winRatesByGroup, models }, 'oracle', 1)
  expect(group!.title).toBe('SFT over Base, temperature 1')
  expect(group!.rows.map(({ name }) => name)).toEqual(['Unknown names', 'Closed QA'])
  expect(groupsByUseCase({ winRatesByGroup, models }, 'oracle', 0)).toEqual([])
})

test('whoever judged is named, oneself with the number of one’s votes', () => {
  const own = ownJudgeId('me')
  expect(judgedBy({ by: 'oracle', id: 'oracle', name: 'the oracle' }, winRates, own)).toBe(
    'Judged by the starter world’s oracle',
  )
  expect(judgedBy({ by: 'person', id: own, name: 'me' }, winRates, own)).toBe('Judged by you: 6 votes')
  expect(judgedBy({ by: 'person', id: 'person:ada', name: 'ada' }, winRates, own)).toBe(
    'Judged by ada: 0 votes',
  )
})

test('names from files are shown, never run or hidden: a group that is called constructor is no function', () => {
  expect(groupName('constructor')).toBe('constructor')
  expect(groupName('a\u202eb')).toBe('a⟨U+202E⟩b')
})

test('each key of the tournament does what the list says; with Ctrl it belongs to the window', () => {
  const press = (key: string, some = {}) =>
    voteActionOf({ key, code: '', ctrlKey: false, metaKey: false, altKey: false, ...some })
  expect(press('1')).toEqual({ do: 'vote', choice: 'left' })
  expect(press('B')).toEqual({ do: 'vote', choice: 'right' })
  expect(press('é', { code: 'Digit2' })).toEqual({ do: 'vote', choice: 'right' })
  expect(press('t')).toEqual({ do: 'vote', choice: 'tie' })
  expect(press('0')).toEqual({ do: 'vote', choice: 'tie' })
  expect(press('S')).toEqual({ do: 'vote', choice: 'skip' })
  expect(press('u')).toEqual({ do: 'undo' })
  expect(press('r')).toEqual({ do: 'reveal' })
  expect(press('Escape')).toEqual({ do: 'leave' })
  expect(press('1', { ctrlKey: true })).toBeNull()
  expect(press('constructor')).toBeNull()
  expect(press('3')).toBeNull()
})

const fresh: AbstentionStart = {
  like: null,
  sft: 'sft-1',
  sftName: 'isles SFT',
  rewardModel: 'scorer-1',
  world: 5,
}
const like: NonNullable<AbstentionStart['like']> = {
  name: 'rlhf',
  parentCheckpoint: 'sft-9',
  config: { steps: 40 },
  data: {
    sources: [],
    ppo: {
      prompts: {
        from: 'starter-world',
        hash: 'a',
        validationHash: 'b',
        train: 300,
        validation: 30,
        refused: 7,
        world: 8,
      },
      rewards: [
        { kind: 'reward-model', checkpoint: 'scorer-2', weight: 1 },
        { kind: 'abstention', weight: 0.1 },
      ],
      rewardModel: null,
      judge: 'oracle',
    },
  },
}

test('a reward for abstaining starts a run like the one that was evaluated, with that reward in place of its own', () => {
  const request = abstentionRequest({ ...fresh, like }, -0.5)
  expect(request).toMatchObject({ checkpoint: 'sft-9', config: { steps: 40 } })
  expect(request.prompts).toMatchObject({ world: 8, count: 307 })
  expect(request.rewards).toEqual([
    { kind: 'reward-model', checkpoint: 'scorer-2', weight: 1 },
    { kind: 'abstention', weight: -0.5 },
  ])
  expect(abstentionRequest({ ...fresh, like }, 0).rewards).toHaveLength(1)
  expect(v.safeParse(ppoMethods['ppo.start'].input, request).success).toBe(true)
})

const problemOf = (start: AbstentionStart, weight = 0.25, runs: readonly RunSummary[] = []) =>
  abstentionProblem(start, weight, runs)

test('the reward that the evaluated run has already is not offered again, nor is a run that is under way', () => {
  expect(problemOf({ ...fresh, like }, 0.1)).toContain('has this reward, +0.10, already')
  expect(problemOf({ ...fresh, like }, 0)).toBeNull()
  const plain = { ...like, data: { ...like.data, ppo: { ...like.data.ppo!, rewards: [] } } }
  expect(problemOf({ ...fresh, like: plain }, 0)).toContain('no reward for it either')

  const { rewards } = abstentionRequest({ ...fresh, like }, -0.5)
  const begun = (status: RunSummary['status']) =>
    runOf('its twin', {
      phase: 'ppo',
      status,
      parentCheckpoint: 'sft-9',
      data: { sources: [], ppo: { ...like.data.ppo!, rewards: [...rewards] } },
    })
  expect(problemOf({ ...fresh, like }, -0.5, [begun('queued')])).toContain(
    '“its twin” is made with this reward',
  )
  expect(problemOf({ ...fresh, like }, -0.5, [begun('finished')])).toBeNull()
  expect(problemOf({ ...fresh, like }, -0.55, [begun('running')])).toBeNull()
})

test('a run of another reward is named after it, once', () => {
  expect(abstentionName({ ...fresh, like }, 0.25, new Set())).toBe('rlhf abstaining +0.25')
  expect(abstentionName(fresh, -0.5, new Set())).toBe('isles SFT RLHF abstaining −0.50')
  const again = { ...like, name: 'rlhf abstaining −0.50 2' }
  expect(abstentionName({ ...fresh, like: again }, 0, new Set(['rlhf abstaining 0.00']))).toBe(
    'rlhf abstaining 0.00 2',
  )
})

test('without such a run it starts from the fine-tuned model and the newest reward model, or says what is missing', () => {
  expect(problemOf(fresh)).toBeNull()
  expect(abstentionRequest(fresh, 0.25).rewards).toEqual([
    { kind: 'reward-model', checkpoint: 'scorer-1', weight: 1 },
    { kind: 'abstention', weight: 0.25 },
  ])
  expect(problemOf({ ...fresh, sft: null })).toContain('no fine-tuned model')
  expect(problemOf({ ...fresh, rewardModel: null })).toContain('no reward model')
  expect(problemOf({ ...fresh, world: null })).toContain('starter world')
})

test('a run like another one is offered only where its prompts were the starter world’s too', () => {
  const ppo = like.data.ppo!
  const asked = (prompts: Partial<typeof ppo.prompts>) =>
    problemOf({
      ...fresh,
      like: { ...like, data: { ...like.data, ppo: { ...ppo, prompts: { ...ppo.prompts, ...prompts } } } },
    })
  expect(asked({})).toBeNull()
  expect(asked({ from: 'demonstrations' })).toContain('Only with the starter world’s prompts')
  expect(asked({ from: 'files', world: null })).toContain('Only with the starter world’s prompts')
})

test('whether a reward for abstaining comes beside others or replaces one is said as it is', () => {
  const plain = { ...like, data: { ...like.data, ppo: { ...like.data.ppo!, rewards: [] } } }
  expect(abstentionWords({ ...fresh, like }, 0.5, 'rlhf')).toBe(
    'As “rlhf” was made, with this reward in place of its own for “I don’t know.”.',
  )
  expect(abstentionWords({ ...fresh, like }, 0, 'rlhf')).toContain('without its reward for')
  expect(abstentionWords({ ...fresh, like: plain }, -0.5, 'rlhf')).toBe(
    'As “rlhf” was made, with this reward beside its own.',
  )
  expect(abstentionWords(fresh, 0.5, '')).toBe(
    'A new run of phase 4 with the reward model’s reward, with this reward beside it.',
  )
})
