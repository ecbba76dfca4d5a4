// A checkpoint store over a workspace of its own, closed and deleted when the test ends.
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { CheckpointStore } from '../../../src-main/core/checkpoints/checkpoint-store.ts'
import { getCheckpoint } from '../../../src-main/core/database/queries/checkpoints.ts'
import { openWorkspace } from '../../../src-main/core/workspace/workspace.ts'
import { temporaryFolder } from '../workspace/temporary-folder.ts'
import { contextOf, insertTinyRun } from './tiny-run.ts'

export function openStore(path = temporaryFolder()) {
  const workspace = openWorkspace(path, 'terminal')
  onTestFinished(() => workspace.close())
  const published: string[] = []
  const store = new CheckpointStore({
    ...contextOf(workspace),
    publish: (topic, payload) => published.push(`${topic} ${JSON.stringify(payload)}`),
  })
  const folder = (id: string) => join(workspace.path, ...getCheckpoint(workspace.db, id).folder.split('/'))
  const root = workspace.folder('checkpoints')
  return { workspace, store, folder, root, published, path }
}

export function storeWithRun(run = 'run-1') {
  const opened = openStore()
  insertTinyRun(opened.workspace.db, run)
  return opened
}
