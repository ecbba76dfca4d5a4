// Runs the storage workload as a process of its own, under strace or a limit, and checks what it left behind.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { CheckpointStore } from '../../src-main/core/checkpoints/checkpoint-store.ts'
import { readSeries } from '../../src-main/core/database/queries/metrics.ts'
import { getRun, listRuns } from '../../src-main/core/database/queries/runs.ts'
import { openWorkspace } from '../../src-main/core/workspace/workspace.ts'
import type { LabErrorFacts } from '../../src-shared/contract/errors.ts'
import { contextOf } from '../main/checkpoints/tiny-run.ts'

export interface Promises {
  progress?: number
  committed?: number
  retained?: number
  accepted?: number
  refused?: LabErrorFacts
}

export interface Ended {
  said: Promises[]
  killed: boolean
  /** The code it exited with, null when it was killed. */
  code: number | null
  stderr: string
}

const workload = [process.execPath, join(import.meta.dirname, 'checkpoint-workload.ts')]

/** Runs the workload, `before` standing before its command line. */
export function runWorkload(workspace: string, step: number, variant: string, before: string[] = []): Ended {
  const [command, ...args] = [...before, ...workload, workspace, String(step), variant]
  const { stdout, stderr, status, signal } = spawnSync(command!, args, { encoding: 'utf8', timeout: 60_000 })
  // A line that the kill cut off was never said.
  const lines = stdout.split('\n').slice(0, -1)
  return {
    said: lines.map(line => JSON.parse(line)),
    killed: signal === 'SIGKILL' || status === 137,
    code: signal ? null : status,
    stderr,
  }
}

/** What a command answers when it cannot run here, or null when it can. */
export function obstacle(command: string, args: string[]): string | null {
  const { error, status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (error) return `${command} is not there (${error.message})`
  return status === 0 ? null : `${command} may not do this here (${stderr.trim().split('\n')[0]})`
}

/** The newest step that was promised, of both kinds. */
export class Ledger {
  progress = 0
  committed = 0

  note(said: readonly Promises[]): void {
    for (const each of said) {
      this.progress = Math.max(this.progress, each.progress ?? 0)
      this.committed = Math.max(this.committed, each.committed ?? 0)
    }
  }

  /** Opens the workspace as the next start would and holds it to every promise. @returns steps of the checkpoints */
  async check(path: string): Promise<number[]> {
    const workspace = openWorkspace(path, 'terminal')
    try {
      expect(workspace.notes).toEqual([])
      const store = new CheckpointStore(contextOf(workspace))
      await store.recover()
      const { db } = workspace
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
      expect(db.pragma('foreign_key_check')).toEqual([])
      expect(readdirSync(workspace.folder('checkpoints')).filter(name => name.startsWith('.'))).toEqual([])
      const checkpoints = store.list()
      for (const { id, status } of checkpoints) {
        expect(status).toBe('verified')
        expect(await store.verify(id)).toEqual([])
        await store.readState(id, { seed: 1 })
      }
      const steps = checkpoints.map(checkpoint => checkpoint.step)
      if (this.committed > 0) expect(Math.max(...steps)).toBeGreaterThanOrEqual(this.committed)
      if (this.progress > 0) {
        expect(getRun(db, 'run-1').step).toBeGreaterThanOrEqual(this.progress)
        for (const name of ['loss', 'grad_norm'])
          expect([...readSeries(db, 'run-1', name, { points: 2000 }).steps]).toContain(this.progress)
      }
      expect(listRuns(db).length).toBeLessThanOrEqual(1)
      expect(await store.recover()).toEqual([])
      return steps
    } finally {
      workspace.close()
    }
  }
}
