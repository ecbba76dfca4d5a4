// A program: 100,000 short launches on as many threads as its argument says, in memory that grows. Prints how many
// sums are wrong. Of its own, because a launch that waits for a lost chunk waits for ever.
import { TABLE_COLUMNS } from '../../../src-renderer/engine/kernels/simd/chunk-sizes.ts'
import { EMBED_BACKWARD } from '../../../src-renderer/engine/kernels/simd/kernel-table.ts'
import { GENERATION } from '../../../src-renderer/engine/kernels/simd/memory-map.ts'
import { compileSimd } from '../../../src-renderer/engine/kernels/simd/simd-module.ts'
import { ThreadPool } from '../../../src-renderer/engine/kernels/simd/thread-pool.ts'
import { nodePlatform } from '../engine-platform.ts'

const ROUNDS = 100
const LAUNCHES = 1000
const MOST_CHUNKS = 61
const WIDTH = MOST_CHUNKS * TABLE_COLUMNS
const PAGE = 65_536
const PAGES = 40

const compiled = await compileSimd(true, nodePlatform.simdModule)
const pool = await ThreadPool.start(compiled!, Number(process.argv[2]), nodePlatform.startThread)
const { memory } = pool
const floats = (address: number) => new Float32Array(memory.buffer, address, WIDTH)
// Launches are numbered in 32 bits: half-way the number starts over.
Atomics.store(new Int32Array(memory.buffer), GENERATION / 4, 2 ** 31 - (ROUNDS * LAUNCHES) / 2)
const never = new Int32Array(new SharedArrayBuffer(4))
let wrong = 0
for (let round = 0; round < ROUNDS; round++) {
  // New pages are zeros.
  const token = memory.grow(PAGES) * PAGE
  const [ones, sums] = [token + PAGE, token + (PAGES - 1) * PAGE]
  floats(ones).fill(1)
  const wanted = new Float32Array(WIDTH)
  for (let launch = 0; launch < LAUNCHES; launch++) {
    const chunks = 2 + ((launch * 7) % (MOST_CHUNKS - 1))
    const width = chunks * TABLE_COLUMNS
    // sums += ones, 32 columns a chunk: one that is run twice, or never, leaves a wrong sum.
    pool.run(EMBED_BACKWARD, chunks, [sums, token, ones, 1, width, 1, 1])
    for (let i = 0; i < width; i++) wanted[i]!++
    // Long enough for the other threads to fall asleep.
    if (launch % 200 === 0) Atomics.wait(never, 0, 0, 1)
  }
  wrong += floats(sums).filter((sum, i) => sum !== wanted[i]).length
}
pool.stop()
console.log(JSON.stringify({ wrong }))
