// Damage of every kind is found before a checkpoint is used, and a resume under other conditions is refused by name.
import { createHash } from 'node:crypto'
import { appendFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { storeWithRun } from './open-store.ts'
import { commitTiny, tinyContent } from './tiny-run.ts'

const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')

describe('verifying', () => {
  const names = [
    'config.json',
    'generation_config.json',
    'manifest.json',
    'model.safetensors',
    'optimizer.safetensors',
    'state.json',
    'tokenizer.json',
    'tokenizer_config.json',
  ]

  test.each(names)('any one flipped bit in %s is found', async name => {
    const { store, folder } = storeWithRun()
    const { checkpoint } = await commitTiny(store, 'run-1', 1)
    const path = join(folder(checkpoint), name)
    const sound = readFileSync(path)
    await fc.assert(
      fc.asyncProperty(fc.nat(sound.byteLength - 1), fc.nat(7), async (at, bit) => {
        const flipped = Buffer.from(sound)
        flipped[at]! ^= 1 << bit
        writeFileSync(path, flipped)
        const problems = await store.verify(checkpoint)
        expect(problems.join()).toContain(name)
        expect(store.list('run-1')[0]!.status).toBe('damaged')
      }),
      { numRuns: 25 },
    )
    writeFileSync(path, sound)
    expect(await store.verify(checkpoint)).toEqual([])
    expect(store.list('run-1')[0]!.status).toBe('verified')
  })

  test.each(names)('a shortened, longer or missing %s is found', async name => {
    const { store, folder } = storeWithRun()
    const { checkpoint } = await commitTiny(store, 'run-1', 1)
    const path = join(folder(checkpoint), name)
    appendFileSync(path, ' ')
    expect((await store.verify(checkpoint)).join()).toContain(name)
    truncateSync(path, readFileSync(path).byteLength - 2)
    expect((await store.verify(checkpoint)).join()).toContain(name)
    rmSync(path)
    expect((await store.verify(checkpoint)).join()).toContain(name)
  })

  test('two checkpoints whose folders were swapped are both found', async () => {
    const { store, folder, root } = storeWithRun()
    const a = (await commitTiny(store, 'run-1', 1)).checkpoint
    const b = (await commitTiny(store, 'run-1', 2)).checkpoint
    renameSync(folder(a), join(root, 'aside'))
    renameSync(folder(b), folder(a))
    renameSync(join(root, 'aside'), folder(b))
    expect((await store.verify(a)).join()).toContain(`belongs to ${b}`)
    expect((await store.verify(b)).join()).toContain(`belongs to ${a}`)
  })

  test('a damaged checkpoint is neither loaded nor resumed', async () => {
    const { store, folder } = storeWithRun()
    const { checkpoint } = await commitTiny(store, 'run-1', 1)
    truncateSync(join(folder(checkpoint), 'model.safetensors'), 100)
    await expect(store.tensors(checkpoint, 'model')).rejects.toThrow('model.safetensors has 100 bytes')
    await expect(store.readState(checkpoint)).rejects.toThrow('model.safetensors has 100 bytes')
  })

  test('a checkpoint whose folder is gone says so', async () => {
    const { store, folder } = storeWithRun()
    const { checkpoint } = await commitTiny(store, 'run-1', 1)
    rmSync(folder(checkpoint), { recursive: true })
    await expect(store.tensors(checkpoint, 'model')).rejects.toThrow('its folder is gone')
    expect(store.list('run-1')[0]!.status).toBe('missing')
  })

  test('a checkpoint that nobody knows is refused by name', async () => {
    const { store } = storeWithRun()
    await expect(store.verify('run-9-step-00000001')).rejects.toThrow(
      'there is no checkpoint run-9-step-00000001',
    )
  })
})

describe('resuming', () => {
  test('the state comes back as it was given', async () => {
    const { store } = storeWithRun()
    const state = { step: 7, tokens: 99, bestEvalLoss: null, extra: { klCoefficient: 0.1 + 0.2 } }
    const { checkpoint } = await commitTiny(store, 'run-1', 7, { state })
    const { stateFile } = tinyContent('run-1', 7)
    expect(await store.readState(checkpoint, stateFile)).toEqual({
      phase: 'pretrain',
      fingerprint: 'test device',
      state,
      conditions: stateFile,
    })
  })

  test.each([
    ['seed', { seed: 2 }],
    ['data', { data: 'another hash' }],
    ['config', { config: { steps: 100, learningRate: 0.002 } }],
    ['tokenizerHash', { tokenizerHash: 'never recorded' }],
  ])('another or unrecorded %s is refused by name', async (field, expected) => {
    const { store } = storeWithRun()
    const { checkpoint } = await commitTiny(store, 'run-1', 7)
    await expect(store.readState(checkpoint, expected)).rejects.toThrow(`"${field}"`)
  })

  test.each([
    ['state', 'step'],
    ['state', 'tokens'],
    ['state', 'bestEvalLoss'],
    ['state', 'extra'],
    [null, 'phase'],
    [null, 'fingerprint'],
    [null, 'conditions'],
    [null, 'version'],
  ])('a state.json without %s.%s is refused by name, even when its hash is right', async (parent, field) => {
    const { store, folder, workspace } = storeWithRun()
    const { checkpoint } = await commitTiny(store, 'run-1', 7)
    const path = join(folder(checkpoint), 'state.json')
    const json = JSON.parse(readFileSync(path, 'utf8'))
    delete (parent ? json[parent] : json)[field]
    writeFileSync(path, JSON.stringify(json))
    resignFolder(folder(checkpoint))
    workspace.db
      .prepare('UPDATE checkpoints SET manifest_sha256 = ?')
      .run(sha256(join(folder(checkpoint), 'manifest.json')))
    await expect(store.readState(checkpoint)).rejects.toThrow(parent ? `"${parent}.${field}"` : `"${field}"`)
  })

  test('a state.json of a newer version is refused as such', async () => {
    const { store, folder, workspace } = storeWithRun()
    const { checkpoint } = await commitTiny(store, 'run-1', 7)
    const path = join(folder(checkpoint), 'state.json')
    writeFileSync(path, readFileSync(path, 'utf8').replace('"version": 1', '"version": 2'))
    resignFolder(folder(checkpoint))
    workspace.db
      .prepare('UPDATE checkpoints SET manifest_sha256 = ?')
      .run(sha256(join(folder(checkpoint), 'manifest.json')))
    await expect(store.readState(checkpoint)).rejects.toThrow('newer version')
  })
})

/** Makes the manifest fit the files again, as someone with a text editor and patience could. */
function resignFolder(folder: string): void {
  const path = join(folder, 'manifest.json')
  const { sha256: _, ...body } = JSON.parse(readFileSync(path, 'utf8'))
  for (const file of body.files) {
    file.bytes = readFileSync(join(folder, file.name)).byteLength
    file.sha256 = sha256(join(folder, file.name))
  }
  const own = createHash('sha256').update(JSON.stringify(body)).digest('hex')
  writeFileSync(path, JSON.stringify({ ...body, sha256: own }))
}
