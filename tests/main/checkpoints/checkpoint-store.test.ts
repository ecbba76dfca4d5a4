// Writing and reading checkpoints: what is committed is what was given, and what cannot be committed leaves nothing.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CheckpointStore } from '../../../src-main/core/checkpoints/checkpoint-store.ts'
import { getRun } from '../../../src-main/core/database/queries/runs.ts'
import { headerLength, LENGTH_BYTES, parseHeader } from '../../../src-shared/safetensors/header.ts'
import { storeWithRun } from './open-store.ts'
import {
  bytesOf,
  commitTiny,
  contextOf,
  insertTinyRun,
  tinyContent,
  tinyMoments,
  tinyTensors,
  valuesOf,
} from './tiny-run.ts'

const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')

describe('committing', () => {
  test('a committed checkpoint is a Hugging Face folder with its state and manifest', async () => {
    const { store, folder, root, published } = storeWithRun()
    const { checkpoint, weightsSha256 } = await commitTiny(store, 'run-1', 1000)
    expect(checkpoint).toBe('run-1-step-00001000')
    expect(folder(checkpoint)).toBe(join(root, 'run-1', 'step-00001000'))
    expect(readdirSync(folder(checkpoint)).sort()).toEqual([
      'config.json',
      'generation_config.json',
      'manifest.json',
      'model.safetensors',
      'optimizer.safetensors',
      'state.json',
      'tokenizer.json',
      'tokenizer_config.json',
    ])
    expect(weightsSha256).toBe(sha256(join(folder(checkpoint), 'model.safetensors')))
    expect(readdirSync(root)).toEqual(['run-1'])
    expect(published).toEqual(['changed {"what":"checkpoints"}'])
  })

  test('the file holds exactly the values written, under their names', async () => {
    const { store, folder } = storeWithRun()
    const { checkpoint } = await commitTiny(store, 'run-1', 3)
    const bytes = readFileSync(join(folder(checkpoint), 'model.safetensors'))
    const length = headerLength(bytes.subarray(0, LENGTH_BYTES), bytes.byteLength)
    const header = parseHeader(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length), bytes.byteLength)
    expect([...header.tensors.keys()]).toEqual(tinyTensors.map(entry => entry.name))
    expect(header.metadata).toEqual({ format: 'pt' })
    expect(bytes.subarray(header.dataOffset)).toEqual(Buffer.from(bytesOf(valuesOf(tinyTensors, 3))))
  })

  test('tensors are read back by name, whole or in part', async () => {
    const { store } = storeWithRun()
    const { checkpoint } = await commitTiny(store, 'run-1', 3)
    expect(await store.tensors(checkpoint, 'optimizer')).toEqual(tinyMoments)
    expect(await store.readTensor(checkpoint, 'model', 'transformer.ln_f.bias', 1, 2)).toEqual(
      valuesOf(tinyTensors, 3).slice(29, 31),
    )
    await expect(store.readTensor(checkpoint, 'model', 'transformer.ln_f.bias', 1, 4)).rejects.toThrow(
      'has no values 1 to 5',
    )
    await expect(store.readTensor(checkpoint, 'model', '__proto__', 0, 1)).rejects.toThrow(
      'there is no tensor',
    )
  })

  test("the run's progress is recorded with the checkpoint", async () => {
    const { store, workspace } = storeWithRun()
    await commitTiny(store, 'run-1', 4)
    expect(getRun(workspace.db, 'run-1')).toMatchObject({ step: 4, tokens: 4096, bestEvalLoss: 0.25 })
  })

  test.each([
    ['NaN', Number.NaN],
    ['infinity', Number.NEGATIVE_INFINITY],
  ])('%s in a weight is refused with the name of the tensor, and nothing is left', (_, value) => {
    const { store, root } = storeWithRun()
    const staging = store.begin(tinyContent('run-1', 1))
    const values = valuesOf(tinyTensors, 1)
    store.write(staging, 'model', bytesOf(values.slice(0, 20)))
    values[29] = value
    expect(() => store.write(staging, 'model', bytesOf(values.slice(20)))).toThrow(
      'tensor "transformer.ln_f.bias" holds a value that is not finite',
    )
    expect(readdirSync(root)).toEqual([])
    expect(() => store.write(staging, 'model', new Uint8Array(4))).toThrow('dropped')
  })

  test('pieces at odd addresses are written like any others', async () => {
    const { store, workspace } = storeWithRun()
    const plain = await commitTiny(store, 'run-1', 1)
    insertTinyRun(workspace.db, 'run-2')
    const staging = store.begin(tinyContent('run-2', 1))
    for (const file of ['model', 'optimizer'] as const) {
      const bytes = bytesOf(valuesOf(file === 'model' ? tinyTensors : tinyMoments, 1))
      const shifted = new Uint8Array(bytes.byteLength + 1)
      shifted.set(bytes, 1)
      store.write(staging, file, shifted.subarray(1))
    }
    expect((await store.commit(staging)).weightsSha256).toBe(plain.weightsSha256)
  })

  test('an incomplete checkpoint is refused and leaves nothing', async () => {
    const { store, root } = storeWithRun()
    const staging = store.begin(tinyContent('run-1', 1))
    store.write(staging, 'model', bytesOf(valuesOf(tinyTensors, 1)))
    await expect(store.commit(staging)).rejects.toThrow('only 0 of the announced 640 bytes were given')
    expect(readdirSync(root)).toEqual([])
    expect(store.list()).toEqual([])
  })

  test('more bytes than announced, or half a value, are refused', () => {
    const { store } = storeWithRun()
    expect(() => store.write(store.begin(tinyContent('run-1', 1)), 'model', new Uint8Array(324))).toThrow(
      'more than the announced 320 bytes',
    )
    expect(() => store.write(store.begin(tinyContent('run-1', 1)), 'model', new Uint8Array(6))).toThrow(
      'cuts a value',
    )
  })

  test('aborting takes the files away and may be repeated', () => {
    const { store, root } = storeWithRun()
    const staging = store.begin(tinyContent('run-1', 1))
    expect(readdirSync(root)).toHaveLength(1)
    store.abort(staging)
    store.abort(staging)
    expect(readdirSync(root)).toEqual([])
  })

  test('a run that begins again drops what it had begun', () => {
    const { store, root } = storeWithRun()
    const first = store.begin(tinyContent('run-1', 1))
    store.begin(tinyContent('run-1', 1))
    expect(readdirSync(root)).toHaveLength(1)
    expect(() => store.write(first, 'model', new Uint8Array(4))).toThrow('dropped')
  })

  test('a file name that is a path, or one of ours, is refused', () => {
    const { store, root } = storeWithRun()
    for (const name of ['../evil.json', 'state.json', 'manifest.json', 'a/b', '', 'CON:'])
      expect(() => store.begin(tinyContent('run-1', 1, { files: { [name]: '' } }))).toThrow('file named')
    expect(readdirSync(root)).toEqual([])
  })

  test('too little space is refused before anything is written, with the figures', () => {
    const { store, workspace, root } = storeWithRun()
    const poor = new CheckpointStore({ ...contextOf({ ...workspace, freeBytes: () => 10_000 }) })
    expect(() => poor.begin(tinyContent('run-1', 1))).toThrow(
      /the disk is too full for a checkpoint .*: expected 1\d\.\d kB free, got 10\.0 kB/,
    )
    expect(readdirSync(root)).toEqual([])
    expect(store.begin(tinyContent('run-1', 1))).toBeTruthy()
  })

  test('a step made again after a resume takes the place of the older one', async () => {
    const { store, folder, root } = storeWithRun()
    const first = await commitTiny(store, 'run-1', 5)
    const again = await commitTiny(store, 'run-1', 5, { evalLoss: 0.125 })
    expect(again).toEqual(first)
    expect(store.list('run-1')).toMatchObject([{ id: first.checkpoint, evalLoss: 0.125, status: 'verified' }])
    expect(await store.verify(again.checkpoint)).toEqual([])
    expect(readdirSync(root)).toEqual(['run-1'])
    expect(existsSync(folder(first.checkpoint))).toBe(true)
  })
})
