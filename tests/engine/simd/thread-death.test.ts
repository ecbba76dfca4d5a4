// What becomes of a launch when a thread dies in it: an error and a lost device, never a wait without end.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { COPY_ROWS, FMA_RATE } from '../../../src-renderer/engine/kernels/simd/kernel-table.ts'
import type { SimdKernels } from '../../../src-renderer/engine/kernels/simd/simd.ts'
import { openSimd } from '../kernel-sets.ts'

it.each([2, 3])(
  'of %i threads all but the launching one die: every launch throws, the device is lost, the process still ends',
  threads => {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [join(import.meta.dirname, 'dying-thread.ts'), String(threads)],
      { encoding: 'utf8', timeout: 30_000 },
    )
    expect({ status, said: JSON.parse(stdout || 'null'), stderr }).toEqual({
      status: 0,
      said: {
        threw: Array(2).fill(expect.stringMatching(/a thread of the CPU kernels has died/)),
        lost: expect.stringMatching(/the CPU kernels failed: a thread of the CPU kernels has died/),
      },
      stderr: expect.stringMatching(/A kernel thread failed: RuntimeError: memory access out of bounds/),
    })
  },
)

it('a kernel that traps without other threads throws, ever after, and the device is lost', async () => {
  const { kernels, lost, close } = await openSimd(1)
  const { context } = kernels as SimdKernels
  const outside = context.pool.memory.buffer.byteLength
  for (const to of [outside, 4096])
    expect(() => context.run(COPY_ROWS, 1, [to, 4, 0, 4, 1, 4])).toThrow(/out of bounds/)
  expect(await lost).toMatch(/the CPU kernels failed: memory access out of bounds/)
  close()
})

it('so does one that traps in the launching thread of 3 while the others work', async () => {
  const { kernels, lost, close } = await openSimd(3)
  const { context } = kernels as SimdKernels
  // Thread t uses the 64 bytes at `room + 64·t`: those of thread 0 end the 4 GiB, those of the others are its first, unused.
  const room = 2 ** 32 - 64
  for (const rounds of [50_000, 1])
    expect(() => context.run(FMA_RATE, 200, [rounds, room])).toThrow(/out of bounds/)
  expect(await lost).toMatch(/the CPU kernels failed: memory access out of bounds/)
  close()
})
