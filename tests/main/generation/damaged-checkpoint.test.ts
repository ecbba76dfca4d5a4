// A checkpoint that was found damaged is refused with the name of the file, however often it is asked for.
import { readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openLab } from '../../../src-main/core/lab.ts'
import { noEngineHost } from '../../../src-main/terminal/node-engine-host.ts'
import { storeWithRun } from '../checkpoints/open-store.ts'
import { commitTiny } from '../checkpoints/tiny-run.ts'

/** A workspace with one checkpoint whose files `harm` has changed, as the next start finds it. */
async function labAfter(harm: (folder: string) => void) {
  const { store, folder, workspace, path } = storeWithRun()
  const { checkpoint } = await commitTiny(store, 'run-1', 1)
  const at = folder(checkpoint)
  workspace.close()
  harm(at)
  const lab = await openLab({ path, host: 'terminal', engineHost: noEngineHost })
  onTestFinished(() => lab.close())
  const next = async () =>
    lab.handlers['completion.next']({ checkpoint, text: 'a', temperature: 1, topK: 0, topP: 1, count: 10 })
  return { lab, at, next }
}

test.each([
  [
    'a shortened file',
    (folder: string) => truncateSync(join(folder, 'model.safetensors'), 100),
    /model\.safetensors has 100 bytes instead of \d+/,
  ],
  [
    'a folder that is gone',
    (folder: string) => renameSync(folder, `${folder}-elsewhere`),
    /its folder is gone/,
  ],
] as const)('%s is named every time, without sending anyone to a screen', async (_, harm, sentence) => {
  const { lab, next } = await labAfter(harm)
  expect(lab.notes).toHaveLength(1)
  for (let time = 0; time < 2; time++) {
    const refusal = await next().catch((error: Error) => error.message)
    expect(refusal).toMatch(sentence)
    expect(refusal).not.toContain('tab')
  }
})

test('a checkpoint whose file was brought back is no longer refused as damaged', async () => {
  let sound = Buffer.of()
  const { at, next } = await labAfter(folder => {
    sound = readFileSync(join(folder, 'model.safetensors'))
    truncateSync(join(folder, 'model.safetensors'), 100)
  })
  await expect(next()).rejects.toThrow('does not verify')
  writeFileSync(join(at, 'model.safetensors'), sound)
  // Its tokenizer is the next thing that is asked for; this run never had one.
  await expect(next()).rejects.toThrow('tokenizer')
})
