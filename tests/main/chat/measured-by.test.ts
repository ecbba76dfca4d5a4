// Which reward model scores an answer, and which fine-tuned model its KL is against.
import { describe, expect, test } from 'vitest'
import { MeasuredBy } from '../../../src-main/core/chat/measured-by.ts'

type Phase = 'pretrain' | 'sft' | 'reward' | 'ppo'
const at = (
  run: string,
  phase: Phase,
  step: number,
  best = false,
  status: 'verified' | 'damaged' = 'verified',
) => ({
  id: `${run}-step-${step}`,
  ...{ run, phase, step, best, status },
})
const origin = (run: string, parentCheckpoint: string | null, rewardModel: string | null = null) => ({
  ...{ run, parentCheckpoint, rewardModel, tokenizer: 't' },
})

// Newest run first: another line of models, then base → sft → rlhf.
const checkpoints = [
  at('judge2', 'reward', 9),
  at('sft2', 'sft', 4),
  at('base2', 'pretrain', 4),
  at('rlhf', 'ppo', 30),
  at('rlhf', 'ppo', 20, true),
  at('judge', 'reward', 8),
  at('judge', 'reward', 6, true),
  at('sft', 'sft', 20),
  at('sft', 'sft', 10, true),
  at('sft', 'sft', 5),
  at('base', 'pretrain', 100),
  at('base', 'pretrain', 50, true),
]
const origins = [
  origin('judge2', 'sft2-step-4'),
  origin('sft2', 'base2-step-4'),
  origin('base2', null),
  origin('rlhf', 'sft-step-20', 'judge-step-8'),
  origin('judge', 'sft-step-20'),
  origin('sft', 'base-step-100'),
  origin('base', null),
]
const models = new MeasuredBy(checkpoints, origins)
const three = ['base-step-100', 'sft-step-20', 'rlhf-step-20']

describe('the fine-tuned model that KL is against', () => {
  test('is where the RLHF model started, for the whole line', () => {
    expect(three.map(each => models.reference(each, three))).toEqual(Array(3).fill('sft-step-20'))
    expect(models.reference('rlhf-step-30', ['rlhf-step-30'])).toBe('sft-step-20')
    // An earlier step of the fine-tuned run is held against the same.
    expect(models.reference('sft-step-5', ['sft-step-5', 'rlhf-step-30'])).toBe('sft-step-20')
  })

  test('is the chosen one of the fine-tuned run where no RLHF model stands beside', () => {
    expect(models.reference('sft-step-5', ['sft-step-5'])).toBe('sft-step-10')
    expect(models.reference('sft2-step-4', ['sft2-step-4'])).toBe('sft2-step-4')
    expect(models.reference('base-step-50', ['base-step-50', 'sft-step-5'])).toBe('sft-step-10')
    expect(models.reference('base-step-50', ['base-step-50'])).toBe('sft-step-10')
  })

  test('is of the own line, whatever else stands beside', () => {
    expect(models.reference('base2-step-4', ['base2-step-4', ...three])).toBe('sft2-step-4')
    expect(models.reference('sft2-step-4', ['sft2-step-4', ...three])).toBe('sft2-step-4')
  })

  test('is nobody where nothing was fine-tuned from the base', () => {
    const alone = new MeasuredBy([at('base', 'pretrain', 4)], [origin('base', null)])
    expect(alone.reference('base-step-4', ['base-step-4'])).toBeNull()
    const damaged = new MeasuredBy(
      [at('sft', 'sft', 4, false, 'damaged'), at('base', 'pretrain', 4)],
      [origin('sft', 'base-step-4'), origin('base', null)],
    )
    expect(damaged.reference('base-step-4', ['base-step-4'])).toBeNull()
  })

  test('of a model whose parent was deleted is found by name, and a circle ends', () => {
    const orphan = new MeasuredBy([at('sft', 'sft', 4)], [origin('sft', 'base-step-4'), origin('base', null)])
    expect(orphan.reference('base-step-9', [])).toBe('sft-step-4')
    const circle = new MeasuredBy(
      [at('a', 'pretrain', 1), at('b', 'pretrain', 1)],
      [origin('a', 'b-step-1'), origin('b', 'a-step-1')],
    )
    expect(circle.reference('a-step-1', ['b-step-1'])).toBeNull()
  })
})

describe('the reward model', () => {
  test('is the one that the RLHF run was trained with, else the best of the newest of phase 3', () => {
    expect(models.reward('auto', three)).toBe('judge-step-8')
    expect(models.reward('auto', ['sft-step-20'])).toBe('judge2-step-9')
    const older = new MeasuredBy(checkpoints.slice(1), origins)
    expect(older.reward('auto', ['sft-step-20'])).toBe('judge-step-6')
  })

  test('that the RLHF run was trained with may be gone', () => {
    const gone = new MeasuredBy(
      checkpoints.filter(({ run }) => run !== 'judge'),
      origins,
    )
    expect(gone.reward('auto', three)).toBe('judge2-step-9')
    expect(new MeasuredBy([], []).reward('auto', three)).toBeNull()
  })

  test('is whom the person chose, or nobody', () => {
    expect(models.reward('judge2-step-9', three)).toBe('judge2-step-9')
    expect(models.reward('off', three)).toBeNull()
  })
})
