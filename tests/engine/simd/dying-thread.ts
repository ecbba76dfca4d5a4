// A process of its own, for thread-death.test.ts: a kernel traps in a thread that did not launch it. Says what came of it
// and stops nothing, so that only a process whose threads hold it not can end.

import { nodePlatform } from '../../../src-main/terminal/node-platform.ts'
import { FMA_RATE } from '../../../src-renderer/engine/kernels/simd/kernel-table.ts'
import { compileSimd } from '../../../src-renderer/engine/kernels/simd/simd-module.ts'
import { ThreadPool } from '../../../src-renderer/engine/kernels/simd/thread-pool.ts'

const compiled = await compileSimd(true, nodePlatform.simdModule)
const pool = await ThreadPool.start(compiled!, Number(process.argv[2]), nodePlatform.startThread)
/** Thread n works 64·n bytes further on: the launching one at the very end of the memory, the others beyond. */
const place = pool.memory.buffer.byteLength - 64
const launch = () => {
  try {
    pool.run(FMA_RATE, 100, [1_000_000, place])
    return null
  } catch (error) {
    return String(error)
  }
}
const threw = [launch(), launch()]
console.log(JSON.stringify({ threw, lost: await pool.lost }))
