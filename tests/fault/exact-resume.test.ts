import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  checkpointFolders,
  killAndWait,
  losses,
  pretrain,
  resume,
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

test('a run killed with -9 after its checkpoint and resumed has the losses and the weights of one never stopped, bit for bit', async () => {
  const straight = (await pretrain(workspace, settings).json) as unknown as TrainingResult
  const seen = new Set(checkpointFolders(workspace).map(({ run }) => run))

  const cut = pretrain(workspace, settings)
  let killed: string | undefined
  while (!killed) {
    await wait(5)
    killed = checkpointFolders(workspace).find(({ run }) => !seen.has(run))?.run
  }
  await killAndWait(cut.process)
  const resumed = (await resume(workspace, killed).json) as unknown as TrainingResult

  expect(resumed.steps).toBe(40)
  expect(resumed.weightsSha256).toBe(straight.weightsSha256)
  const [a, b] = [losses(workspace, straight.run), losses(workspace, killed)]
  expect(a.size).toBe(40)
  for (const [step, loss] of a) expect(Object.is(b.get(step), loss), `loss of step ${step}`).toBe(true)
}, 240_000)
