// The threads of the CPU kernels: every chunk of every launch is run by one of them, once; and they start all or none.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { compileSimd } from '../../../src-renderer/engine/kernels/simd/simd-module.ts'
import type { ThreadStart } from '../../../src-renderer/engine/kernels/simd/thread.ts'
import { ThreadPool } from '../../../src-renderer/engine/kernels/simd/thread-pool.ts'
import { nodePlatform } from '../engine-platform.ts'

it.each([2, 3, 7])(
  'of 100,000 short launches on %i threads every chunk is run once, in memory that grows, asleep or awake',
  threads => {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [join(import.meta.dirname, 'many-launches.ts'), String(threads)],
      { encoding: 'utf8', timeout: 50_000 },
    )
    expect({ status, stderr, said: JSON.parse(stdout || 'null') }).toEqual({
      status: 0,
      stderr: '',
      said: { wrong: 0 },
    })
  },
)

it('a thread that does not start ends the others, also one that starts after it, and is what is told', async () => {
  const ended: number[] = []
  const startThread = async (start: ThreadStart) => {
    if (start.thread === 2) throw new Error('no worker could be made')
    if (start.thread === 3) await sleep(20)
    const { terminate } = await nodePlatform.startThread(start)
    return {
      terminate: () => {
        ended.push(start.thread)
        terminate()
      },
    }
  }
  const compiled = await compileSimd(true, nodePlatform.simdModule)
  await expect(ThreadPool.start(compiled!, 4, startThread)).rejects.toThrow('no worker could be made')
  expect(ended).toEqual([1, 3])
})
