// Where the fixed parts of the WASM memory are, in bytes; JavaScript and the WASM module both read this file.
// Words that different threads write are on cache lines of their own.

/** i32: which launch this is; threads sleep on it. */
export const GENERATION = 1024
/** i64: launch in the upper half, chunks that nobody has taken yet in the lower. */
export const TASKS = 1152
/** i32: chunks done. */
export const DONE = 1280
/** i32: threads asleep. */
export const SLEEPERS = 1408
/** i32: 1 while the launching thread sleeps. */
export const LAUNCHER_SLEEPS = 1536
/** i32: 1 = threads are to end. */
export const STOP = 1664
/** i32: 1 = a thread died in a kernel; what was being computed is lost. */
export const FAILED = 1728
/** Added to DONE by a thread that dies, so that whoever waits for the count wakes up. */
export const DEATH = 1 << 20
/** i32 each: the kernel of this launch and its number of chunks. */
export const KERNEL = 1792
export const CHUNKS = 1796
/** i32 × 48: sizes and addresses that the kernel is given. */
export const INTEGERS = 1920
/** f32 × 16 */
export const FLOATS = 2112
/** v128 × 32: constants of the vector functions (assembly/vector.ts). */
export const CONSTANTS = 2304
/** Room for one 6 × 8 tile per thread. */
export const EDGE_TILES = 4096
export const EDGE_TILE_BYTES = 256
export const MAX_THREADS = 64
/** Everything from here on is the arena's. */
export const ARENA_START = EDGE_TILES + MAX_THREADS * EDGE_TILE_BYTES
