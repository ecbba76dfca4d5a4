// A process that stores what a training run stores, and says in a line of JSON what has been promised so far; the fault
// tests kill it, starve it and lie to it. Usage: checkpoint-workload.ts <workspace> <step> [redo|large|fill|look]
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { CheckpointStore } from '../../src-main/core/checkpoints/checkpoint-store.ts'
import {
  findRun,
  listRuns,
  markInterrupted,
  recordProgress,
} from '../../src-main/core/database/queries/runs.ts'
import { setSetting } from '../../src-main/core/database/queries/settings.ts'
import { openWorkspace, type Workspace } from '../../src-main/core/workspace/workspace.ts'
import { LabError } from '../../src-shared/contract/errors.ts'
import {
  bytesOf,
  commitTiny,
  contextOf,
  insertTinyRun,
  tinyContent,
  valuesOf,
} from '../main/checkpoints/tiny-run.ts'

const say = (message: unknown) => process.stdout.write(`${JSON.stringify(message)}\n`)
const [path, stepText, variant] = process.argv.slice(2) as [string, string, string | undefined]
const step = Number(stepText)
const large = { model: [{ name: 'large', shape: [512, 1024] }] }

const progress = (workspace: Workspace) =>
  recordProgress(workspace.db, 'run-1', { step, tokens: step * 1024, seconds: step }, [
    { step, tokens: step * 1024, seconds: step, values: { loss: 1 / step, grad_norm: 1 } },
  ])

/** Says what a full disk refuses, until there is space again. */
async function refusal(act: () => unknown): Promise<void> {
  try {
    await act()
    say({ accepted: step })
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    say({ refused: error.facts })
  }
}

/** Takes every byte that the disk has left. */
function fillDisk(file: string): void {
  const fd = openSync(file, 'w')
  try {
    for (const bytes of [65536, 1]) while (wrote(fd, new Uint8Array(bytes)));
  } finally {
    closeSync(fd)
  }
}

function wrote(fd: number, bytes: Uint8Array): boolean {
  try {
    return writeSync(fd, bytes) > 0
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false
    throw error
  }
}

async function work(): Promise<void> {
  const workspace = openWorkspace(path, 'terminal')
  try {
    const store = new CheckpointStore(contextOf(workspace))
    await store.recover()
    if (!findRun(workspace.db, 'run-1')) insertTinyRun(workspace.db, 'run-1')
    progress(workspace)
    say({ progress: step })
    if (variant === 'fill') {
      const filler = join(path, 'filler')
      await commitTiny(store, 'run-1', step)
      // The preflight is passed, then another program takes the space.
      const staging = store.begin(tinyContent('run-1', step + 1, large))
      fillDisk(filler)
      const bytes = bytesOf(valuesOf(large.model, 1))
      await refusal(() => {
        for (let at = 0; at < bytes.byteLength; at += 65536)
          store.write(staging, 'model', bytes.subarray(at, at + 65536))
      })
      await refusal(() => commitTiny(store, 'run-1', step + 1, large))
      await refusal(() => {
        for (let i = 0; i < 500; i++) progress(workspace)
      })
      rmSync(filler)
      await refusal(() => commitTiny(store, 'run-1', step + 1, large))
    } else {
      // As after a resume from an older checkpoint: the same step is made again.
      for (let time = 0; time < (variant === 'redo' ? 2 : 1); time++)
        await commitTiny(store, 'run-1', step, variant === 'large' ? large : {})
    }
    say({ committed: step })
    await store.retain('run-1', 2)
    say({ retained: step })
  } finally {
    workspace.close()
  }
}

/** Opens a workspace twice while its disk is full: at first with the reserve, then with nothing. */
async function look(): Promise<void> {
  await work()
  for (const time of [1, 2]) {
    fillDisk(`${path}-filler-${time}`)
    const workspace = openWorkspace(path, 'terminal')
    try {
      const store = new CheckpointStore(contextOf(workspace))
      await store.recover()
      await refusal(() => openWorkspace(path, 'terminal'))
      await refusal(() => setSetting(workspace.db, `key-${time}`, 'x'.repeat(10_000)))
      markInterrupted(workspace.db)
      say({
        notes: workspace.notes,
        runs: listRuns(workspace.db).map(run => run.status),
        checkpoints: store.list().map(checkpoint => checkpoint.status),
      })
    } finally {
      workspace.close()
    }
  }
}

await (variant === 'look' ? look : work)().catch(error => {
  if (!(error instanceof LabError)) throw error
  say({ refused: error.facts })
})
