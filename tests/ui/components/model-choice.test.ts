// The playground's model: it never changes by itself unless the person chose to follow a run.
import { describe, expect, test } from 'vitest'
import {
  chosenModel,
  type ModelChoice,
  modelOptions,
} from '../../../src-renderer/ui/components/model-choice.ts'
import type { CheckpointSummary } from '../../../src-shared/contract/lab-contract.ts'

const checkpoint = (run: string, step: number, over: Partial<CheckpointSummary> = {}): CheckpointSummary => ({
  id: `${run}-${step}`,
  run,
  runName: `Run ${run}`,
  phase: 'pretrain',
  step,
  createdAt: new Date(Date.UTC(2026, 0, 1, 0, step)).toISOString(),
  path: '',
  bytes: 1,
  weightsSha256: '',
  evalLoss: 2,
  best: false,
  status: 'verified',
  ...over,
})
const fixed = (c: CheckpointSummary): ModelChoice => ({ kind: 'checkpoint', checkpoint: c })
const a100 = checkpoint('a', 100)
const a200 = checkpoint('a', 200)
const b50 = checkpoint('b', 50)

describe('a chosen checkpoint', () => {
  test('stays chosen when newer ones come', () => {
    expect(chosenModel(fixed(a100), [a200, a100]).checkpoint).toBe(a100)
  })

  test('has no stand-in once it is deleted, but the newest of its run is offered', () => {
    const chosen = chosenModel(fixed(a100), [b50, a200])
    expect(chosen.checkpoint).toBeNull()
    expect(chosen.gone).toContain('was deleted')
    expect(chosen.newestOfRun).toBe(a200)
  })

  test('that went with its run says so and offers nothing of another run', () => {
    const chosen = chosenModel(fixed(a100), [b50])
    expect(chosen.gone).toContain('removed with its run')
    expect(chosen.newestOfRun).toBeNull()
  })

  test('whose files were found damaged is not asked any more', () => {
    const chosen = chosenModel(fixed(a100), [{ ...a100, status: 'damaged' }])
    expect(chosen.checkpoint).toBeNull()
    expect(chosen.gone).toContain('damaged')
  })

  test('takes its name from the list, which knows a run that was renamed', () => {
    const renamed = { ...a100, runName: 'New name' }
    expect(chosenModel(fixed(a100), [renamed]).checkpoint?.runName).toBe('New name')
  })
})

describe('the newest of a run', () => {
  const newest: ModelChoice = { kind: 'newest', run: 'a', runName: 'Run a' }
  test('follows that run, not a newer one', () => {
    const later = checkpoint('b', 900)
    expect(chosenModel(newest, [a100, later]).checkpoint).toBe(a100)
    expect(chosenModel(newest, [a200, a100, later]).checkpoint).toBe(a200)
  })

  test('says so when the run has none left', () => {
    expect(chosenModel(newest, [b50]).gone).toContain('Run a')
  })
})

describe('the list of models', () => {
  test('leads from every value back to its choice', () => {
    const options = modelOptions(fixed(a100), [a200, a100, b50])
    expect(options.choiceFor('a-200')).toEqual(fixed(a200))
    const following = options.data.flatMap(group => ('items' in group ? group.items : [])).at(-1)
    expect(options.choiceFor(following!.value)).toEqual({ kind: 'newest', run: 'b', runName: 'Run b' })
    expect(options.choiceFor('no such')).toBeNull()
  })

  test('still shows a choice that is gone', () => {
    const options = modelOptions(fixed(a100), [a200])
    expect(options.data[0]).toMatchObject({ value: options.value, disabled: true })
    expect(modelOptions(fixed(a200), [a200]).data[0]).not.toHaveProperty('value')
  })
})
