// A new evaluation: what is proposed, what is asked for, and why it cannot start.
import * as v from 'valibot'
import { expect, test } from 'vitest'
import {
  chosenModels,
  type DraftContext,
  draftProblem,
  labelled,
  proposedLineage,
  requestOf,
  settled,
  trainedAgainst,
  newDraft as unsettledDraft,
} from '../../../../src-renderer/ui/features/evaluate/evaluation-draft.ts'
import {
  answersAsked,
  secondsPerAnswer,
  worldCounts,
} from '../../../../src-renderer/ui/features/evaluate/time-note.tsx'
import { evaluationRequest } from '../../../../src-shared/contract/evaluation-contract.ts'
import type { PpoData } from '../../../../src-shared/contract/ppo-contract.ts'
import { runOf } from '../../run-shapes.ts'
import { checkpointOf } from '../../sft-shapes.ts'

const base = checkpointOf('base', 7)
const sftEarly = checkpointOf('sft', 11, { phase: 'sft' })
const sft = checkpointOf('sft', 23, { phase: 'sft', best: true })
const reward = checkpointOf('scorer', 5, { phase: 'reward' })
const rlhf = checkpointOf('rlhf', 31, { phase: 'ppo', best: true })
const other = checkpointOf('other', 41, { phase: 'sft' })
const all = [base, sftEarly, sft, reward, other, rlhf]
const ppo: PpoData = {
  prompts: {
    from: 'starter-world',
    hash: 'a',
    validationHash: 'b',
    train: 9,
    validation: 3,
    refused: 0,
    world: 5,
  },
  rewards: [{ kind: 'reward-model', checkpoint: reward.id, weight: 1 }],
  rewardModel: null,
  judge: 'oracle',
}
const runs = [
  runOf('base'),
  runOf('sft', { phase: 'sft', parentCheckpoint: base.id }),
  runOf('other', { phase: 'sft', parentCheckpoint: 'gone-step-1' }),
  runOf('rlhf', { phase: 'ppo', parentCheckpoint: sftEarly.id, data: { sources: [], ppo } }),
]
const newDraft = settled(unsettledDraft, 5)
const context = (models = [base, sft], some: Partial<DraftContext> = {}): DraftContext => ({
  models,
  world: 5,
  sets: ['s'],
  trainedAgainst: [],
  ...some,
})

test('the newest lineage is proposed: each model with the very checkpoint that it was made from', () => {
  expect(proposedLineage(all, runs)).toEqual([base, sftEarly, rlhf])
  expect(proposedLineage([base, sft], runs)).toEqual([base, sft])
  expect(proposedLineage([base], runs)).toEqual([base])
  expect(proposedLineage([reward], runs)).toEqual([])
})

test('where that checkpoint was deleted since, the best of its run takes its place', () => {
  expect(proposedLineage([base, sft, rlhf], runs)).toEqual([base, sft, rlhf])
})

test('chosen models stand in the order of the phases, and one that is gone is left out', () => {
  const chosen = chosenModels({ models: [rlhf.id, 'gone', base.id] }, all, runs)
  expect(chosen).toEqual([base, rlhf])
  expect(chosenModels({ models: null }, all, runs)).toEqual([base, sftEarly, rlhf])
})

test('labels name the phase where they can, and are never the same twice', () => {
  const twin = { ...other, id: 'twin' }
  expect(labelled([base, sftEarly, sft, other, twin, rlhf]).map(({ label }) => label)).toEqual([
    'base',
    'sft',
    'sft · step 23',
    'other · step 41',
    'other · step 41 (2)',
    'rlhf',
  ])
})

test('what is asked for passes the contract, whatever the prompts are', () => {
  const drafts = [
    newDraft,
    { ...newDraft, from: 'typed' as const, typed: ' Who?\n\nWhere? ' },
    { ...newDraft, from: 'demonstrations' as const, limit: 7 },
    { ...newDraft, rewardModel: reward.id, oracle: false },
  ]
  for (const draft of drafts) {
    expect(draftProblem(draft, context())).toBeNull()
    expect(v.safeParse(evaluationRequest, requestOf(draft, context())).success).toBe(true)
  }
  const typed = requestOf(drafts[1]!, context())
  expect(typed.prompts).toEqual({ from: 'typed', prompts: ['Who?', 'Where?'] })
  expect(typed.parts).toEqual(['tournament', 'ladder'])
  expect(typed.judges).toEqual([])
})

test('one model alone is measured without a tournament', () => {
  const request = requestOf(newDraft, context([base]))
  expect(draftProblem(newDraft, context([base]))).toBeNull()
  expect(request.parts).toEqual(['truthfulness', 'ladder', 'tasks'])
})

test('a reward model does not judge what it trained, unless the person lets it and it is marked', () => {
  const judged = { ...newDraft, rewardModel: reward.id }
  const against = trainedAgainst(reward, [base, sft, rlhf], all, runs)
  expect(against).toEqual([rlhf])
  expect(trainedAgainst(checkpointOf('scorer', 9), [sft, rlhf], all, runs)).toEqual([rlhf])
  expect(trainedAgainst(checkpointOf('score', 5), [sft, rlhf], all, runs)).toEqual([])
  expect(trainedAgainst(undefined, [sft, rlhf], all, runs)).toEqual([])
  const here = context([base, sft, rlhf], { trainedAgainst: against })
  expect(draftProblem(judged, here)).toContain('trained to please')
  const marked = { ...judged, evenIfTrainedAgainst: true }
  expect(draftProblem(marked, here)).toBeNull()
  expect(requestOf(marked, here).judges).toContainEqual({
    by: 'reward-model',
    checkpoint: reward.id,
    evenIfTrainedAgainst: true,
  })
})

test('a model that goes on from one that was rewarded counts as trained against the same reward model', () => {
  const later = checkpointOf('later', 3, { phase: 'ppo' })
  const fine = checkpointOf('fine', 2, { phase: 'sft' })
  const more = [
    ...runs,
    runOf('fine', { phase: 'sft', parentCheckpoint: rlhf.id }),
    // Its parent's checkpoint was deleted since.
    runOf('later', { phase: 'ppo', parentCheckpoint: 'rlhf-step-30' }),
  ]
  const against = trainedAgainst(
    reward,
    [sft, fine, later, checkpointOf('gone', 1)],
    [...all, later, fine],
    more,
  )
  expect(against).toEqual([fine, later])
})

test('models that know no starter world are asked what one types, unless one chose otherwise', () => {
  expect(newDraft.from).toBe('starter-world')
  expect(settled(unsettledDraft, null).from).toBe('typed')
  expect(settled({ ...unsettledDraft, from: 'demonstrations' }, 5).from).toBe('demonstrations')
})

test('what stands in the way is said in a sentence', () => {
  const seven = Array.from({ length: 7 }, (_, i) => checkpointOf(`r${i}`, 1))
  expect(draftProblem(newDraft, context([]))).toBe('Choose at least one model.')
  expect(draftProblem(newDraft, context(seven))).toBe('At most 6 models are compared at once.')
  expect(draftProblem(newDraft, context([base], { world: null }))).toBe('These models know no starter world.')
  expect(draftProblem({ ...newDraft, parts: [] }, context())).toBe('Choose at least one part.')
  expect(draftProblem({ ...newDraft, from: 'typed' }, context())).toBe('Type at least one prompt.')
  expect(draftProblem({ ...newDraft, from: 'demonstrations', sets: [] }, context())).toContain('one set')
  expect(draftProblem({ ...newDraft, from: 'demonstrations', limit: '1e' }, context())).toContain(
    '1 to 2,000',
  )
  expect(draftProblem({ ...newDraft, temperatures: [] }, context())).toBe('Choose at least one temperature.')
})

test('the same question at the same temperature is asked once, whatever parts need it', () => {
  const world = { facts: 11, tasks: 5 }
  expect(answersAsked(newDraft, 3, world)).toBe(3 * 2 * 16)
  expect(answersAsked({ ...newDraft, parts: ['truthfulness'] }, 3, world)).toBe(33)
  expect(answersAsked({ ...newDraft, parts: ['ladder'] }, 3, world)).toBe(0)
  expect(
    answersAsked({ ...newDraft, parts: ['tournament', 'truthfulness'], temperatures: [1] }, 2, world),
  ).toBe(2 * (16 + 11))
  expect(answersAsked({ ...newDraft, from: 'typed', typed: 'a\nb\nc' }, 2, world)).toBe(12)
  const counts = worldCounts(3, 'test')
  expect(counts.facts).toBeGreaterThan(200)
  expect(counts.tasks).toBeGreaterThan(100)
})

test('only an evaluation that is whole tells how long an answer takes', () => {
  expect(secondsPerAnswer({ seconds: 30, answers: 60, answersPlanned: 60 })).toBe(0.5)
  expect(secondsPerAnswer({ seconds: 30, answers: 59, answersPlanned: 60 })).toBeNull()
  expect(secondsPerAnswer({ seconds: 0, answers: 0, answersPlanned: 0 })).toBeNull()
})
