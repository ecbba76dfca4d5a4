// Who takes part when a chat begins, and what a change of one column does to the others.
import { describe, expect, test } from 'vitest'
import {
  type ChatSetup,
  chatModels,
  firstColumns,
  setupProblem,
  wholeLine,
  withCheckpoint,
  withLinked,
  withOneMore,
  withoutGone,
  withSampling,
} from '../../../../src-renderer/ui/features/chat/setup.ts'
import { presetOf, samplingPresets } from '../../../../src-shared/sampling/presets.ts'
import { runOf } from '../../run-shapes.ts'
import { checkpoint, column, sampling } from './chat-shapes.ts'

const base = checkpoint('base', 9)
const otherBase = checkpoint('other-base', 20)
const sft = checkpoint('sft', 5, { phase: 'sft', best: true })
const laterSft = checkpoint('sft', 8, { phase: 'sft' })
const runs = [runOf('base'), runOf('sft', { phase: 'sft', parentCheckpoint: 'base-9' })]

describe('the columns that are proposed', () => {
  test('are the fine-tuned model beside the very base it was made from', () => {
    expect(firstColumns([laterSft, otherBase, base, sft], runs)).toMatchObject([
      { checkpoint: 'base-9', mode: 'raw' },
      { checkpoint: 'sft-5', mode: 'template' },
    ])
  })

  test('are the whole line where there is an RLHF model, and base | SFT | RLHF whatever is newer', () => {
    const rlhf = checkpoint('rlhf', 7, { phase: 'ppo', best: true })
    const laterRlhf = checkpoint('rlhf', 9, { phase: 'ppo' })
    const newerSft = checkpoint('other-sft', 50, { phase: 'sft' })
    const all = [laterRlhf, rlhf, laterSft, otherBase, base, sft]
    const line = [...runs, runOf('rlhf', { phase: 'ppo', parentCheckpoint: 'sft-8' })]
    const three = [
      { checkpoint: 'base-9', mode: 'raw' },
      { checkpoint: 'sft-8', mode: 'template' },
      { checkpoint: 'rlhf-7', mode: 'template' },
    ]
    expect(firstColumns([laterRlhf, rlhf, laterSft, base], line)).toMatchObject(three)
    expect(wholeLine([newerSft, ...all], line)).toMatchObject({ columns: three, missing: null })
    expect(wholeLine([laterSft, base, sft], runs)).toMatchObject({
      columns: [{ checkpoint: 'base-9' }, { checkpoint: 'sft-5' }],
      missing: 'ppo',
    })
    expect(wholeLine([base], runs)).toMatchObject({ columns: [{ checkpoint: 'base-9' }], missing: 'sft' })
    expect(wholeLine([], [])).toEqual({ columns: [], missing: 'pretrain' })
  })

  test('are the base alone while there is nothing else, and none without a model', () => {
    expect(firstColumns([base], runs)).toMatchObject([{ checkpoint: 'base-9', mode: 'raw' }])
    expect(firstColumns([], runs)).toEqual([])
  })

  test('are the run that is asked for and its base, were it not the newest', () => {
    const newer = checkpoint('other', 30, { phase: 'sft' })
    const all = [newer, laterSft, otherBase, base, sft]
    expect(firstColumns(all, runs, 'sft').map(each => each.checkpoint)).toEqual(['base-9', 'sft-5'])
    expect(firstColumns(all, runs, 'base').map(each => each.checkpoint)).toEqual(['base-9'])
    expect(firstColumns(all, runs, 'no such run').at(-1)?.checkpoint).toBe('other-30')
  })

  test('take the place of models that are gone, with the settings of these', () => {
    const greedy = { ...sampling, temperature: 0 }
    const proposed = [column('base-9', { mode: 'raw' }), column('sft-5')]
    const drafted = [column('base-9', { sampling: greedy }), column('gone-3', { sampling: greedy })]
    expect(withoutGone(drafted, [base, sft], proposed)).toEqual([
      drafted[0],
      column('sft-5', { sampling: greedy }),
    ])
    expect(withoutGone([column('sft-5'), column('gone-3'), column('gone-4')], [base, sft], proposed)).toEqual(
      [column('sft-5'), column('base-9', { mode: 'raw' })],
    )
    expect(withoutGone(drafted, [], [])).toEqual([])
  })

  test('never have a reward model or a damaged checkpoint among them', () => {
    const judge = checkpoint('judge', 30, { phase: 'reward' })
    const damaged = checkpoint('sft', 40, { phase: 'sft', status: 'damaged' })
    expect(chatModels([judge, damaged, base]).map(each => each.id)).toEqual(['base-9'])
  })
})

describe('changing columns', () => {
  const setup: ChatSetup = {
    columns: [column('base-9'), column('sft-5')],
    system: '',
    linked: true,
    blind: false,
  }
  const greedy = { ...sampling, temperature: 0, topP: 1 }

  test('linked settings are everyone’s, others are one column’s', () => {
    expect(withSampling(setup, 1, greedy).map(each => each.sampling)).toEqual([greedy, greedy])
    const apart = withSampling({ ...setup, linked: false }, 1, greedy)
    expect(apart.map(each => each.sampling)).toEqual([sampling, greedy])
  })

  test('linking takes the settings of the column where it is switched on', () => {
    const apart = {
      ...setup,
      linked: false,
      columns: [column('base-9'), column('sft-5', { sampling: greedy })],
    }
    expect(withLinked(apart, 1, true).columns?.map(each => each.sampling)).toEqual([greedy, greedy])
    expect(withLinked(setup, 1, false)).toEqual({ linked: false })
  })

  test('one more column is a model that is not there yet, and a fifth is none', () => {
    const three = withOneMore(setup.columns, [base, sft, otherBase])
    expect(three[2]).toMatchObject({ checkpoint: 'other-base-20', sampling })
    const four = withOneMore(three, [base])
    expect(withOneMore(four, [base])).toHaveLength(4)
  })

  test('the mode follows where another phase is chosen, and stays within one', () => {
    const columns = [column('base-9', { mode: 'template' })]
    expect(withCheckpoint(columns, 0, otherBase, base)[0]!.mode).toBe('template')
    expect(withCheckpoint([column('base-9', { mode: 'raw' })], 0, sft, base)[0]!.mode).toBe('template')
  })

  test('a model that is gone is said, with its column', () => {
    expect(setupProblem(setup.columns, [base, sft])).toBeNull()
    expect(setupProblem(setup.columns, [base])).toMatch(/column 2 is gone/)
    expect(setupProblem([column('x')], [base])).toMatch(/this conversation is gone/)
    expect(setupProblem([], [base])).toMatch(/Choose a model/)
  })
})

test('every preset is found by its settings, and its neighbours are none', () => {
  for (const preset of samplingPresets) expect(presetOf(preset)).toBe(preset)
  expect(presetOf({ temperature: 0.71, topK: 0, topP: 0.95 })).toBeNull()
  expect(new Set(samplingPresets.map(({ meaning }) => meaning)).size).toBe(samplingPresets.length)
})
