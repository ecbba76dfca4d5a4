import { expect, test } from 'vitest'
import type { CheckpointStore } from '../../../src-main/core/checkpoints/checkpoint-store.ts'
import type { Run } from '../../../src-main/core/database/queries/runs.ts'
import { newestCheckpoint } from '../../../src-main/core/runs/run-checkpoint.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'

/** What the choice needs of a store: a list, and states of which some are damaged. */
const store = (states: Record<string, 'whole' | 'damaged' | 'missing'>) =>
  ({
    list: () =>
      Object.entries(states).map(([id, state]) => ({
        id,
        status: state === 'missing' ? 'missing' : 'verified',
      })),
    readState: async (id: string) => {
      if (states[id] === 'damaged')
        throw new LabError({ code: 'damaged', what: 'model.safetensors has other bytes', fix: 'use another' })
      return { state: { step: Number(id.slice(5)) } }
    },
  }) as unknown as CheckpointStore
const run = { id: 'run-1' } as Run

async function choose(states: Record<string, 'whole' | 'damaged' | 'missing'>) {
  const passed: string[] = []
  const chosen = await newestCheckpoint(store(states), run, {}, id => passed.push(id))
  return { chosen: chosen?.id ?? null, passed }
}

test('a resume takes the newest checkpoint that is whole and names those it passes over', async () => {
  expect(await choose({})).toEqual({ chosen: null, passed: [] })
  expect(await choose({ 'step-30': 'whole', 'step-20': 'whole' })).toEqual({ chosen: 'step-30', passed: [] })
  expect(await choose({ 'step-30': 'damaged', 'step-25': 'missing', 'step-20': 'whole' })).toEqual({
    chosen: 'step-20',
    passed: ['step-30', 'step-25'],
  })
})

test('a resume without any whole checkpoint is refused, never a new start in silence', async () => {
  await expect(choose({ 'step-30': 'damaged', 'step-20': 'missing' })).rejects.toThrow(
    "none of the run's 2 checkpoints can be used (step-30, step-20)",
  )
})
