import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  checkpointFolders,
  type KilledPhase,
  killAndWait,
  losses,
  phases,
  resume,
  startedOn,
  type TrainingResult,
  type TrainingWorkspace,
  trainingWorkspace,
  wait,
} from './training-process.ts'

let workspace: TrainingWorkspace
beforeAll(async () => {
  workspace = await trainingWorkspace()
}, 120_000)
afterAll(() => workspace?.remove())

const settings = { steps: 40, checkpointInterval: 20, evalInterval: 10, warmupSteps: 5 }
const cores = availableParallelism()
const one = ['--threads', '1']

const kinds: { name: string; phase: KilledPhase; changes: Record<string, string> }[] = [
  { name: 'of phase 1, family gpt2', phase: 'pretrain', changes: { family: 'gpt2' } },
  { name: 'of phase 1, family llama', phase: 'pretrain', changes: { family: 'llama' } },
  { name: 'of phase 2', phase: 'sft', changes: {} },
  { name: 'of phase 4', phase: 'ppo', changes: {} },
]

/** What a run goes on from beside its weights: moments, of phase 4 the value model too; and counts and coefficients. */
const restOf = ({ path }: TrainingResult) => ({
  optimizer: readFileSync(join(path, 'optimizer.safetensors')),
  state: JSON.parse(readFileSync(join(path, 'state.json'), 'utf8')).state,
})

describe.each(kinds)('a run $name', ({ phase, changes }) => {
  let start: Awaited<ReturnType<(typeof phases)[KilledPhase]>>
  let straight: TrainingResult
  beforeAll(async () => {
    start = await phases[phase](workspace)
    straight = (await start({ ...settings, ...changes }).json) as unknown as TrainingResult
  }, 120_000)

  it('computes on as many threads as there are cores', () => {
    expect(startedOn(workspace, straight.run)).toBe(
      `started on CPU, ${cores} ${cores === 1 ? 'thread' : 'threads'}`,
    )
  })

  it.each([
    { how: 'as it was', before: [], after: [] },
    { how: 'on one thread', before: [], after: one },
    { how: 'on all cores after one thread', before: one, after: [] },
  ])(
    'killed with -9 after its checkpoint and resumed $how has the losses and the weights of one never stopped, bit for bit',
    async ({ before, after }) => {
      const seen = new Set(checkpointFolders(workspace).map(({ run }) => run))
      const cut = start({ ...settings, ...changes }, before)
      let killed: string | undefined
      while (!killed) {
        await wait(5)
        killed = checkpointFolders(workspace).find(({ run }) => !seen.has(run))?.run
      }
      await killAndWait(cut.process)
      const resumed = (await resume(workspace, phase, killed, after).json) as unknown as TrainingResult

      expect(resumed.steps).toBe(40)
      expect(resumed.weightsSha256).toBe(straight.weightsSha256)
      const [whole, rest] = [restOf(straight), restOf(resumed)]
      expect(rest.state).toEqual(whole.state)
      expect(rest.optimizer.equals(whole.optimizer), 'the same optimizer.safetensors').toBe(true)
      const [a, b] = [losses(workspace, straight.run), losses(workspace, killed)]
      expect(a.size).toBe(40)
      for (const [step, loss] of a) expect(Object.is(b.get(step), loss), `loss of step ${step}`).toBe(true)
    },
    240_000,
  )
})
