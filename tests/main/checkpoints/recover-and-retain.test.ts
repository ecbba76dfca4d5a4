// What a start makes of the leftovers of any end, and which checkpoints are deleted when newer ones stand.
import { appendFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { getCheckpoint } from '../../../src-main/core/database/queries/checkpoints.ts'
import { getRun, insertRun, updateRun } from '../../../src-main/core/database/queries/runs.ts'
import { openStore, storeWithRun } from './open-store.ts'
import { commitTiny, insertTinyRun, tinyContent, tinyModel } from './tiny-run.ts'

describe('recovering at start', () => {
  test('a sound workspace has nothing to report', async () => {
    const { store } = storeWithRun()
    await commitTiny(store, 'run-1', 1)
    expect(await store.recover()).toEqual([])
  })

  test('what was being written or deleted is removed', async () => {
    const { store, root } = storeWithRun()
    store.begin(tinyContent('run-1', 1))
    mkdirSync(join(root, '.deleting-run-1-step-00000009'))
    expect(await store.recover()).toEqual([])
    expect(readdirSync(root)).toEqual([])
  })

  test('a complete folder without a row is verified and taken in', async () => {
    const { store, workspace } = storeWithRun()
    const { checkpoint, weightsSha256 } = await commitTiny(store, 'run-1', 6)
    const row = getCheckpoint(workspace.db, checkpoint)
    workspace.db.exec('DELETE FROM checkpoints; UPDATE runs SET step = 0')
    expect(await store.recover()).toEqual([expect.stringContaining('taken into the database')])
    expect(getCheckpoint(workspace.db, checkpoint)).toEqual(row)
    expect(store.list()[0]).toMatchObject({ id: checkpoint, weightsSha256, status: 'verified' })
    expect(getRun(workspace.db, 'run-1').step).toBe(6)
  })

  test('a run that the database lost comes back with its checkpoint', async () => {
    const { store, workspace } = storeWithRun()
    const { checkpoint } = await commitTiny(store, 'run-1', 6)
    workspace.db.exec('DELETE FROM checkpoints; DELETE FROM runs')
    await store.recover()
    expect(store.list()[0]!.id).toBe(checkpoint)
    expect(getRun(workspace.db, 'run-1')).toMatchObject({
      name: 'Run run-1',
      status: 'interrupted',
      model: tinyModel,
      step: 6,
      steps: 100,
    })
  })

  test('a lost run whose newest checkpoint is of its last step comes back finished', async () => {
    const { store, workspace } = storeWithRun()
    for (const step of [50, 100]) await commitTiny(store, 'run-1', step)
    workspace.db.exec('DELETE FROM checkpoints; DELETE FROM runs')
    await store.recover()
    expect(getRun(workspace.db, 'run-1')).toMatchObject({
      status: 'finished',
      reason: null,
      step: 100,
      steps: 100,
      tokens: 100 * 1024,
      bestEvalLoss: 1 / 100,
    })
    expect(store.list('run-1').map(({ step }) => step)).toEqual([100, 50])
  })

  test('the evaluation of a checkpoint counts as best where nothing better is known', async () => {
    const { store, workspace } = storeWithRun()
    const state = { step: 100, tokens: 1, bestEvalLoss: null, extra: {} }
    await commitTiny(store, 'run-1', 100, { state, evalLoss: 2.5 })
    workspace.db.exec('DELETE FROM checkpoints; DELETE FROM runs')
    await store.recover()
    expect(getRun(workspace.db, 'run-1').bestEvalLoss).toBe(2.5)
  })

  test.each([
    ['lost', 'DELETE FROM checkpoints; DELETE FROM runs'],
    [
      'of an older backup',
      "DELETE FROM checkpoints WHERE step > 5; UPDATE runs SET step = 5, steps = 5, status = 'finished'",
    ],
  ])('a run %s that was given more steps never stands beyond its end', async (_, lose) => {
    const { store, workspace } = storeWithRun()
    const give = (steps: number) => updateRun(workspace.db, 'run-1', { steps, config: { steps, seed: 1 } })
    give(5)
    await commitTiny(store, 'run-1', 5)
    give(10)
    await commitTiny(store, 'run-1', 9)
    workspace.db.exec(lose)
    await store.recover()
    expect(getRun(workspace.db, 'run-1')).toMatchObject({
      status: 'interrupted',
      step: 9,
      steps: 10,
      config: { steps: 10 },
    })
  })

  test('a run that an older backup shows as paused is finished when its last checkpoint is there', async () => {
    const { store, workspace } = storeWithRun()
    await commitTiny(store, 'run-1', 100)
    workspace.db.exec(
      "DELETE FROM checkpoints; UPDATE runs SET step = 40, status = 'paused', reason = 'asked'",
    )
    await store.recover()
    expect(getRun(workspace.db, 'run-1')).toMatchObject({ status: 'finished', step: 100, reason: null })
  })

  test('a folder without a row that is not whole stays where it is and is named', async () => {
    const { store, workspace, folder } = storeWithRun()
    const { checkpoint } = await commitTiny(store, 'run-1', 6)
    const path = folder(checkpoint)
    truncateSync(join(path, 'optimizer.safetensors'), 10)
    workspace.db.exec('DELETE FROM checkpoints')
    expect((await store.recover()).join()).toContain(
      'not a whole checkpoint: optimizer.safetensors has 10 bytes',
    )
    expect(store.list()).toEqual([])
    expect(existsSync(path)).toBe(true)
  })

  test('a row without its folder is marked, and used again when the folder is back', async () => {
    const { store, folder, root } = storeWithRun()
    const { checkpoint } = await commitTiny(store, 'run-1', 6)
    const path = folder(checkpoint)
    renameSync(path, join(root, 'elsewhere'))
    expect((await store.recover()).join()).toContain('is gone')
    expect(store.list()[0]!.status).toBe('missing')
    expect(await store.recover()).toEqual([])
    renameSync(join(root, 'elsewhere'), path)
    expect((await store.recover()).join()).toContain('used again')
    expect(store.list()[0]!.status).toBe('verified')
  })

  test('a shortened file is found without being asked', async () => {
    const { store, folder } = storeWithRun()
    const { checkpoint } = await commitTiny(store, 'run-1', 6)
    truncateSync(join(folder(checkpoint), 'model.safetensors'), 10)
    expect((await store.recover()).join()).toContain('is damaged')
    expect(store.list()[0]!.status).toBe('damaged')
  })

  test('an older checkpoint that was giving way comes back when its successor never came', async () => {
    const { store, folder, root } = storeWithRun()
    const { checkpoint } = await commitTiny(store, 'run-1', 6)
    renameSync(folder(checkpoint), join(root, `.replaced-${checkpoint}`))
    expect(await store.recover()).toEqual([])
    expect(await store.verify(checkpoint)).toEqual([])
    expect(readdirSync(root)).toEqual(['run-1'])
  })

  test('a newer folder of the same step whose row was not written is taken over', async () => {
    const { store, folder } = storeWithRun()
    const { checkpoint } = await commitTiny(store, 'run-1', 6)
    const other = openStore()
    insertTinyRun(other.workspace.db, 'run-1')
    await commitTiny(other.store, 'run-1', 6, { evalLoss: 0.5 })
    rmSync(folder(checkpoint), { recursive: true })
    renameSync(other.folder(checkpoint), folder(checkpoint))
    expect((await store.recover()).join()).toContain('used again')
    expect(store.list('run-1')).toMatchObject([{ evalLoss: 0.5, status: 'verified' }])
  })
})

describe('retaining', () => {
  test('the newest k and the best are kept', async () => {
    const { store, root } = storeWithRun()
    const losses = [5, 1, 4, 3, 2]
    for (const [index, evalLoss] of losses.entries())
      await commitTiny(store, 'run-1', index + 1, { evalLoss })
    expect(await store.retain('run-1', 2)).toEqual(['run-1-step-00000003', 'run-1-step-00000001'])
    expect(readdirSync(join(root, 'run-1'))).toEqual(['step-00000002', 'step-00000004', 'step-00000005'])
    expect(store.list('run-1').map(row => [row.step, row.best])).toEqual([
      [5, false],
      [4, false],
      [2, true],
    ])
    expect(readdirSync(root)).toEqual(['run-1'])
  })

  test('nothing is deleted while the newest does not verify', async () => {
    const { store, folder } = storeWithRun()
    for (const step of [1, 2, 3]) await commitTiny(store, 'run-1', step, { evalLoss: null })
    const newest = folder('run-1-step-00000003')
    appendFileSync(join(newest, 'optimizer.safetensors'), 'x')
    expect(await store.retain('run-1', 1)).toEqual([])
    expect(store.list('run-1').map(row => row.status)).toEqual(['damaged', 'verified', 'verified'])
  })

  test('one that is known to be damaged does not keep the surplus for ever', async () => {
    const { store, folder } = storeWithRun()
    for (const step of [1, 2, 3, 9]) await commitTiny(store, 'run-1', step, { evalLoss: null })
    appendFileSync(join(folder('run-1-step-00000009'), 'model.safetensors'), 'x')
    await store.verify('run-1-step-00000009')
    expect(await store.retain('run-1', 1)).toEqual(['run-1-step-00000002', 'run-1-step-00000001'])
    expect(store.list('run-1').map(row => [row.step, row.status])).toEqual([
      [9, 'damaged'],
      [3, 'verified'],
    ])
  })

  test('checkpoints that another run started from or is rewarded by, or that are in use, are kept', async () => {
    const { store, workspace } = storeWithRun()
    for (const step of [1, 2, 3, 4, 5]) await commitTiny(store, 'run-1', step, { evalLoss: null })
    const { data, model } = getRun(workspace.db, 'run-1')
    const other = { status: 'queued', tokenizer: null, model, config: {}, steps: 1 } as const
    insertRun(workspace.db, {
      ...{ ...other, id: 'run-2', name: 'child', phase: 'sft', data },
      parentCheckpoint: 'run-1-step-00000001',
    })
    const rewards = [
      { kind: 'abstention', weight: 1 },
      { kind: 'reward-model', checkpoint: 'run-1-step-00000003', weight: 1 },
    ]
    insertRun(workspace.db, {
      ...{ ...other, id: 'run-3', name: 'rewarded', phase: 'ppo', parentCheckpoint: null },
      data: { ...data, ppo: { rewards } as never },
    })
    expect(await store.retain('run-1', 1, new Set(['run-1-step-00000002']))).toEqual(['run-1-step-00000004'])
  })

  test('checkpoints of a removed run are hidden from the list of all', async () => {
    const { store, workspace } = storeWithRun()
    await commitTiny(store, 'run-1', 1)
    updateRun(workspace.db, 'run-1', { removedAt: '2026-01-01T00:00:00Z' })
    expect(store.list()).toEqual([])
    expect(store.list('run-1')).toHaveLength(1)
  })
})
