// The fine-tuning recipe: what it starts from until the person chooses, what stands in the way, what it is called, and
// what it says beside the base.
import { describe, expect, test } from 'vitest'
import { answersByPrompt } from '../../../../src-renderer/ui/components/training/answers-by-prompt.ts'
import { baseSentence, shortPlace } from '../../../../src-renderer/ui/components/training/checkpoint-place.ts'
import { emptyRecipe, parseKept, requestOf } from '../../../../src-renderer/ui/components/training/recipe.ts'
import { fieldProblem, presetOf } from '../../../../src-renderer/ui/components/training/recipe-fields.ts'
import { baseOptions, defaultBase } from '../../../../src-renderer/ui/features/sft/base-choice.ts'
import {
  baseOf,
  defaultRunName,
  obstacle,
  setsOf,
} from '../../../../src-renderer/ui/features/sft/train/recipe.ts'
import { sftFields } from '../../../../src-shared/config/sft-config.ts'
import { sftPresets } from '../../../../src-shared/config/sft-presets.ts'
import type { RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { runOf } from '../../run-shapes.ts'
import { checkpointOf, setOf } from '../../sft-shapes.ts'

const old = checkpointOf('old', 10, { best: true, createdAt: '2026-01-01' })
const best = checkpointOf('bard', 100, { best: true, createdAt: '2026-03-01T10:00:00Z' })
const newest = checkpointOf('bard', 150, { createdAt: '2026-03-01T11:00:00Z' })
const tuned = checkpointOf('bard SFT', 4, { phase: 'sft', createdAt: '2026-03-02' })
const damaged = checkpointOf('bard', 200, { status: 'damaged', createdAt: '2026-03-03' })
const all = [old, best, newest, tuned, damaged]

describe('the base', () => {
  test('is the best of the newest base model until the person chooses, and what they chose then', () => {
    expect(defaultBase(all)?.id).toBe(best.id)
    expect(defaultBase([newest, checkpointOf('bard', 20)])?.id).toBe(newest.id)
    expect(defaultBase([tuned])).toBeUndefined()
    expect(baseOf({ ...emptyRecipe, checkpoint: tuned.id }, all)?.id).toBe(tuned.id)
  })

  test('that is gone or damaged is not silently replaced by another', () => {
    expect(baseOf({ ...emptyRecipe, checkpoint: damaged.id }, all)).toBeUndefined()
    expect(baseOf({ ...emptyRecipe, checkpoint: 'deleted' }, all)).toBeUndefined()
  })

  test('is told apart by its step in a narrow field, however long its run is called', () => {
    expect(shortPlace({ runName: 'bard', step: 2000 })).toBe('bard · step 2,000')
    // In a wide field nothing is left out.
    expect(shortPlace({ runName: 'Starter world 3 fine-tuned 12', step: 150 }, 60)).toBe(
      'Starter world 3 fine-tuned 12 · step 150',
    )
    const long = shortPlace({ runName: 'Starter world 3 fine-tuned 12', step: 150 })
    expect(long).toBe('Starter wor…ned 12 · step 150')
  })

  test('is listed by phase, only where its files are good', () => {
    expect(baseOptions(all).map(({ group, items }) => [group, items.length])).toEqual([
      ['Base models', 3],
      ['Fine-tuned already', 1],
    ])
    expect(baseOptions([])).toEqual([])
  })

  test('says where it comes from, through every run before it', () => {
    const sources = [
      { corpus: 'c', name: 'letters', hash: 'h', weight: 1, tokens: 1, validationTokens: 1, bytes: 1 },
    ]
    const runs = [
      runOf('bard', { data: { sources }, parameters: 87_360 }),
      runOf('bard SFT', { parentCheckpoint: newest.id, parameters: 87_360 }),
    ]
    expect(baseSentence(tuned, all, runs)).toMatch(/^87\.4K parameters, .* letters → bard → bard SFT$/)
  })
})

describe('the demonstrations', () => {
  const sets = [
    setOf('first', { createdAt: '2026-01-01' }),
    setOf('second', { createdAt: '2026-02-01' }),
    setOf('empty', { createdAt: '2026-03-01', rows: 0 }),
    setOf('removed', { createdAt: '2026-04-01', removedAt: '2026-04-02' }),
  ]
  const ids = (chosen: readonly string[] | null, runs: readonly RunSummary[] = []) =>
    setsOf({ sets: chosen }, sets, runs).map(set => set.id)
  const trainedOn = (createdAt: string, ...used: string[]) =>
    runOf(createdAt, {
      phase: 'sft',
      createdAt,
      data: {
        sources: [],
        demonstrations: {
          sets: used.map(set => ({ set, name: set, rows: 10 })),
          hash: 'h',
          train: 9,
          validation: 1,
          refused: 0,
        },
      },
    })

  test('are the first set with rows until the person chooses: an import puts no other in its place', () => {
    expect(ids(null)).toEqual(['first'])
    expect(ids(['first', 'removed', 'second'])).toEqual(['first', 'second'])
    expect(ids([])).toEqual([])
  })

  test('are those of the last run while nothing is chosen, as far as they are there', () => {
    const last = trainedOn('2026-05-02', 'second', 'removed')
    expect(ids(null, [trainedOn('2026-05-01', 'first'), last, runOf('bard')])).toEqual(['second'])
    expect(ids(null, [trainedOn('2026-05-01', 'removed')])).toEqual(['first'])
    expect(ids(['first'], [last])).toEqual(['first'])
  })
})

test('a preset is named as long as no field of it is changed', () => {
  const { config } = sftPresets['starter-world']!
  expect(presetOf(sftPresets, { ...config })).toBe('starter-world')
  expect(presetOf(sftPresets, { ...config, epochs: 7 })).toBeNull()
  expect(presetOf(sftPresets, { ...config, seed: 2 })).toBeNull()
  expect(presetOf(sftPresets, {})).toBeNull()
})

describe('what stands in the way', () => {
  const good = { start: best, wanted: false, sets: [setOf('s')], wrongField: null, problems: [] }

  test('is said one thing at a time, the nearest first', () => {
    const problem = { code: 'bad-input', what: 'no row fits', fix: 'use a longer context' } as const
    expect(obstacle(good)).toBeNull()
    expect(obstacle({ ...good, start: undefined })).toContain('train one in phase 1')
    expect(obstacle({ ...good, start: undefined, wanted: true })).toContain('gone')
    expect(obstacle({ ...good, sets: [] })).toBe('Choose the demonstrations to learn from.')
    expect(obstacle({ ...good, sets: [setOf('s', { rows: 0 })] })).toContain('no row yet')
    expect(obstacle({ ...good, wrongField: 'Epochs: fill in a number.', problems: null })).toMatch(/^Epochs/)
    expect(obstacle({ ...good, problems: null })).toContain('being made')
    expect(obstacle({ ...good, problems: [problem] })).toMatch(/^No row fits/)
  })

  test('a field that cannot be accepted is named by its label', () => {
    expect(fieldProblem(sftFields, {})).toBeNull()
    expect(fieldProblem(sftFields, { epochs: '' })).toBe('Epochs: fill in a number.')
    expect(fieldProblem(sftFields, { batchSize: -1 })).toMatch(/^Batch: /)
  })
})

describe('a run', () => {
  test('is named after its base, and counted on where that name is taken', () => {
    const named = (runName: string, ...taken: string[]) =>
      defaultRunName(
        { runName, phase: 'pretrain' },
        taken.map(name => ({ name })),
      )
    expect(named('bard')).toBe('bard fine-tuned')
    expect(named('bard', 'bard fine-tuned', 'bard fine-tuned 2')).toBe('bard fine-tuned 3')
    expect(named('bard fine-tuned', 'bard fine-tuned')).toBe('bard fine-tuned 2')
  })

  test('asks the core for what the recipe holds and nothing else', () => {
    expect(requestOf({ config: { epochs: 3 } }, best, [setOf('s')])).toEqual({
      checkpoint: best.id,
      sets: ['s'],
      config: { epochs: 3 },
    })
  })
})

test('a kept recipe is read back; of one from another version, what still makes sense', () => {
  const kept = { name: 'a', checkpoint: null, sets: ['s'], config: { epochs: 3, unknownField: 1 } }
  expect(parseKept(JSON.parse(JSON.stringify(kept)), sftFields)).toEqual({ ...kept, config: { epochs: 3 } })
  for (const nonsense of [undefined, null, 3, { recipe: kept }, { ...kept, sets: 's' }])
    expect(parseKept(nonsense, sftFields)).toBeNull()
})

describe('the answers', () => {
  const sample = (step: number, prompt: number, text: string) => ({
    step,
    prompt,
    promptText: `p${prompt}`,
    text,
  })

  test('stand beside the base’s own, prompt by prompt', () => {
    const samples = [
      sample(0, 1, 'base 1'),
      sample(0, 0, 'base 0'),
      sample(50, 0, 'early'),
      sample(100, 0, 'late'),
      sample(100, 1, 'late 1'),
    ]
    expect(
      answersByPrompt(samples).map(({ text, base, newest }) => [text, base?.text, newest?.text]),
    ).toEqual([
      ['p0', 'base 0', 'late'],
      ['p1', 'base 1', 'late 1'],
    ])
  })

  test('are the base’s alone before the first evaluation, and the model’s alone where the base was not asked', () => {
    expect(answersByPrompt([sample(0, 0, 'base')])[0]).toMatchObject({ newest: null })
    expect(answersByPrompt([sample(9, 0, 'new')])[0]).toMatchObject({ base: null, newest: { text: 'new' } })
    expect(answersByPrompt([])).toEqual([])
  })
})
