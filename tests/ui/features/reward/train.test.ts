// The recipe of a reward model: what it starts from and learns from until the person chooses, what stands in the way.

import { describe, expect, test } from 'vitest'
import { emptyRecipe, requestOf } from '../../../../src-renderer/ui/components/training/recipe.ts'
import {
  possibleStarts,
  startOf,
  startOptions,
} from '../../../../src-renderer/ui/components/training/tuned-starts.ts'
import { defaultRunName, obstacle, setsOf } from '../../../../src-renderer/ui/features/reward/train/recipe.ts'
import { begunSet } from '../../../../src-renderer/ui/features/reward/train/simulated-rankings.ts'
import { worldOf } from '../../../../src-renderer/ui/starter-world.ts'
import { rewardPresets } from '../../../../src-shared/config/reward-presets.ts'
import type { RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { corpusOf, runOf } from '../../run-shapes.ts'
import { checkpointOf } from '../../sft-shapes.ts'
import { preferenceSetOf } from '../reward-bench/preference-shapes.ts'

const tuned = (run: string, step: number, some: object) => checkpointOf(run, step, { phase: 'sft', ...some })
const base = checkpointOf('bard', 900, { createdAt: '2026-05-01' })
const old = tuned('old SFT', 7, { best: true, createdAt: '2026-01-01' })
const best = tuned('SFT', 30, { best: true, createdAt: '2026-03-01T10:00:00Z' })
const newest = tuned('SFT', 61, { createdAt: '2026-03-01T11:00:00Z' })
const damaged = tuned('SFT', 90, { status: 'damaged', createdAt: '2026-03-02' })
const scorer = checkpointOf('reward', 5, { phase: 'reward', createdAt: '2026-04-01' })
const all = [old, base, newest, best, damaged, scorer]

describe('what it starts from', () => {
  test('is the best of the newest fine-tuned model until the person chooses', () => {
    expect(startOf(emptyRecipe, all)?.id).toBe(best.id)
    expect(startOf({ checkpoint: old.id }, all)?.id).toBe(old.id)
    expect(startOf(emptyRecipe, [base, scorer])).toBeUndefined()
  })

  test('that is gone, damaged or of another phase is not silently replaced', () => {
    for (const { id } of [damaged, base, scorer, { id: 'deleted' }])
      expect(startOf({ checkpoint: id }, all)).toBeUndefined()
  })

  test('is listed by run, the newest run first, and in each the best first', () => {
    expect(possibleStarts(all).map(each => each.id)).toEqual([best.id, newest.id, old.id])
    expect(startOptions(all).map(({ group, items }) => [group, items.length])).toEqual([
      ['SFT', 2],
      ['old SFT', 1],
    ])
  })
})

describe('what it learns from', () => {
  const sets = [
    preferenceSetOf('chat', { kind: 'chat', prompts: 0 }),
    preferenceSetOf('mine', { pairs: 61 }),
    preferenceSetOf('theirs', { pairs: 7, kind: 'imported' }),
    preferenceSetOf('begun', { pairs: 0 }),
    preferenceSetOf('removed', { pairs: 99, removedAt: '2026-04-02' }),
  ]
  const ids = (chosen: readonly string[] | null, runs: readonly RunSummary[] = []) =>
    setsOf({ sets: chosen }, sets, runs).map(set => set.id)
  const trainedOn = (createdAt: string, ...used: string[]) =>
    runOf(createdAt, {
      phase: 'reward',
      createdAt,
      data: {
        sources: [],
        preferences: {
          sets: used.map(set => ({ set, name: set, prompts: 10 })),
          hash: 'h',
          prompts: { train: 9, validation: 1 },
          pairs: { train: 54, validation: 6 },
          refused: 0,
          rowsPerBatch: 3,
        },
      },
    })

  test('are all sets that make pairs until the person chooses, and what they chose then', () => {
    expect(ids(null)).toEqual(['mine', 'theirs'])
    expect(ids(['begun', 'removed', 'mine'])).toEqual(['mine', 'begun'])
    expect(ids([])).toEqual([])
  })

  test('are those of the last run while nothing is chosen, as far as they are there', () => {
    expect(
      ids(null, [trainedOn('2026-05-01', 'mine'), trainedOn('2026-05-02', 'theirs', 'removed')]),
    ).toEqual(['theirs'])
    expect(ids(null, [trainedOn('2026-05-01', 'removed'), runOf('bard')])).toEqual(['mine', 'theirs'])
  })
})

test('what stands in the way is said one thing at a time, the nearest first', () => {
  const good = {
    start: best,
    wanted: false,
    sets: [preferenceSetOf('s', { pairs: 1 })],
    wrongField: null,
    problems: [],
  }
  expect(obstacle(good)).toBeNull()
  expect(obstacle({ ...good, start: undefined })).toContain('train one in phase 2')
  expect(obstacle({ ...good, start: undefined, wanted: true })).toContain('gone')
  expect(obstacle({ ...good, sets: [] })).toBe('Choose the rankings to learn from.')
  expect(obstacle({ ...good, sets: [preferenceSetOf('s')] })).toContain('no pair yet')
  expect(obstacle({ ...good, wrongField: 'Epochs: fill in a number.', problems: null })).toMatch(/^Epochs/)
  expect(obstacle({ ...good, problems: null })).toContain('being made')
  const problem = { code: 'bad-input', what: 'no prompt fits', fix: 'take a longer context' } as const
  expect(obstacle({ ...good, problems: [problem] })).toMatch(/^No prompt fits/)
})

test('a run is named after its model; the core is asked for what the recipe holds and nothing else', () => {
  expect(defaultRunName({ runName: 'bard fine-tuned' }, [])).toBe('bard fine-tuned reward')
  expect(defaultRunName({ runName: 'a' }, [{ name: 'a reward' }])).toBe('a reward 2')
  expect(requestOf({ config: { epochs: 2 } }, best, [preferenceSetOf('s')])).toEqual({
    checkpoint: best.id,
    sets: ['s'],
    config: { epochs: 2 },
  })
})

test('a simulated labeler is offered only for a model that read a starter world, and of that world', () => {
  const sources = (corpus: string) => [
    { corpus, name: corpus, hash: 'h', weight: 1, tokens: 1, validationTokens: 1, bytes: 1 },
  ]
  const corpora = [
    corpusOf('w1', { kind: 'starter-world', name: 'Starter world 7: stories', createdAt: '2026-01-01' }),
    corpusOf('w2', { kind: 'starter-world', name: 'Starter world 9: stories', createdAt: '2026-02-01' }),
    corpusOf('books'),
  ]
  const runs = [
    runOf('bard', { data: { sources: sources('w1') } }),
    runOf('reader', { data: { sources: sources('books') } }),
    runOf('SFT', { phase: 'sft', parentCheckpoint: base.id }),
    runOf('reader SFT', { phase: 'sft', parentCheckpoint: 'reader-step-1' }),
  ]
  expect(worldOf({ run: 'SFT' }, all, runs, corpora)).toBe(7)
  expect(worldOf({ run: 'reader SFT' }, all, runs, corpora)).toBeNull()
  expect(worldOf({ run: 'deleted' }, all, runs, corpora)).toBeNull()
})

test('a simulated labeler goes on with what it was sampling for, and never in a set that somebody ranks', () => {
  const bench = {
    checkpoint: best.id,
    checkpointName: 'SFT',
    responses: 4,
    sampling: { maxTokens: 40, temperature: 1, topK: 0, topP: 1, seed: 7 },
    repeatShare: 0,
    world: 7,
  }
  const { prompts } = rewardPresets['starter-world']!.preferences!
  const cut = preferenceSetOf('cut', { bench, prompts, sampled: 192 })
  const labelers = [{ labeler: 'me', rankings: 1, simulation: null }]
  const others = [
    preferenceSetOf('other model', { bench: { ...bench, checkpoint: old.id }, prompts }),
    preferenceSetOf('other world', { bench: { ...bench, world: 9 }, prompts }),
    preferenceSetOf('of a person', { bench, prompts, labelers }),
    preferenceSetOf('smaller', { bench, prompts: 50 }),
    preferenceSetOf('removed', { bench, prompts, removedAt: '2026-03-01' }),
    preferenceSetOf('imported', { kind: 'imported' }),
  ]
  expect(begunSet([...others, cut], best, 7)).toBe(cut)
  expect(begunSet(others, best, 7)).toBeUndefined()
})
