// A text that is stopped before its model was even looked up does not start after all.
import { expect, onTestFinished, test } from 'vitest'
import { openLab } from '../../../src-main/core/lab.ts'
import { noEngineHost } from '../../../src-main/terminal/node-engine-host.ts'
import { storeWithRun } from '../checkpoints/open-store.ts'
import { commitTiny } from '../checkpoints/tiny-run.ts'

test('a generation stopped at once writes nothing and asks nothing of the engine', async () => {
  const { store, workspace, path } = storeWithRun()
  const { checkpoint } = await commitTiny(store, 'run-1', 1)
  workspace.db.prepare("UPDATE runs SET tokenizer = 'gpt2'").run()
  workspace.close()
  const lab = await openLab({ path, host: 'terminal', engineHost: noEngineHost })
  onTestFinished(() => lab.close())
  const sampling = { maxTokens: 10, temperature: 1, topK: 0, topP: 1, seed: 1 }
  const generation = 'g'
  const started = lab.handlers['generation.start']({ generation, checkpoint, text: 'a', sampling })
  await lab.handlers['generation.stop']({ generation })
  // There is no engine here: had it been asked, this would not settle.
  expect(await started).toMatchObject({ text: '', stopped: 'stopped' })
})
