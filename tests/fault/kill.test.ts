// kill -9 at the N-th system call that changes the disk, for every kind of call: after each kill the next start finds
// everything that was promised. A sample of N by default; ANDROMEDA_FAULTS=all tries every one.
import { beforeEach, expect, test } from 'vitest'
import { temporaryFolder } from '../main/workspace/temporary-folder.ts'
import { Ledger, obstacle, runWorkload } from './storage-process.ts'

/** Kind of call → every how many of them one is tried by default. Renames are the moments that decide. */
const CALLS = {
  write: 17,
  pwrite64: 19,
  fsync: 11,
  fdatasync: 11,
  rename: 1,
  mkdir: 7,
  unlink: 7,
  unlinkat: 7,
  rmdir: 1,
  ftruncate: 2,
}
type Call = keyof typeof CALLS

// strace counts each kind of call, and each thread, by itself.
const killedAt = (call: Call, n: number) => [
  ...['strace', '-f', '-qq', '-o', '/dev/null'],
  ...['-e', `trace=${call}`, '-e', `inject=${call}:signal=KILL:when=${n}`],
]
const missing = obstacle('strace', ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=write', 'true'])
const all = process.env.ANDROMEDA_FAULTS === 'all'
const LONG = { timeout: 1_200_000 }

beforeEach(context => {
  if (missing) context.skip(missing)
})

/** Every kill point of a process that `run` starts; `run` answers whether the process was killed. */
async function sweep(run: (call: Call, n: number) => Promise<boolean>): Promise<number> {
  let kills = 0
  for (const [call, stride] of Object.entries(CALLS) as [Call, number][])
    for (let n = 1; await run(call, n); n += all ? 1 : stride) kills++
  return kills
}

test(
  'killed at any point of a checkpoint that replaces an older one, nothing promised is lost',
  LONG,
  async () => {
    const path = temporaryFolder()
    const ledger = new Ledger()
    let step = 1
    while (step <= 3) ledger.note(runWorkload(path, step++, 'redo').said)
    const kills = await sweep(async (call, n) => {
      const ended = runWorkload(path, step, 'redo', killedAt(call, n))
      ledger.note(ended.said)
      // Every other time it is killed again while it recovers.
      if (ended.killed && step % 2 === 0)
        ledger.note(runWorkload(path, step, 'redo', killedAt(n % 2 ? 'fsync' : 'unlinkat', 1 + (n % 5))).said)
      const steps = await ledger.check(path)
      expect(steps.length, `after a kill at ${call} number ${n}`).toBeGreaterThanOrEqual(2)
      if (!ended.killed) expect(ended).toMatchObject({ code: 0, stderr: '' })
      step++
      return ended.killed
    })
    expect(kills).toBeGreaterThanOrEqual(15)
  },
)

test(
  'killed at any point of the very first start, the next start makes a whole workspace',
  LONG,
  async () => {
    const kills = await sweep(async (call, n) => {
      const path = temporaryFolder()
      const ledger = new Ledger()
      const ended = runWorkload(path, 1, 'plain', killedAt(call, n))
      ledger.note(ended.said)
      await ledger.check(path)
      return ended.killed
    })
    expect(kills).toBeGreaterThanOrEqual(15)
  },
)
