// Work sharing. A launch is a kernel and a number of chunks; every thread takes chunks until none is left. What a chunk
// computes depends on shapes alone, so who takes it, and how many there are to take it, changes no bit.
import {
  CHUNKS,
  DONE,
  EDGE_TILE_BYTES,
  EDGE_TILES,
  FAILED,
  FLOATS,
  GENERATION,
  INTEGERS,
  KERNEL,
  LAUNCHER_SLEEPS,
  SLEEPERS,
  STOP,
  TASKS,
} from '../memory-map'
import { runChunk } from './index'

/** Looks before a thread goes to sleep: 8.5 µs on a 3 GHz core. */
const SPINS = 20_000

/** This thread's number, 0 = the launching one. A global of the instance, and every thread has its own. */
let thread: i32 = 0

export function integer(i: i32): i32 {
  return load<i32>((INTEGERS as usize) + ((i as usize) << 2))
}

export function address(i: i32): usize {
  return load<u32>((INTEGERS as usize) + ((i as usize) << 2)) as usize
}

export function float(i: i32): f32 {
  return load<f32>((FLOATS as usize) + ((i as usize) << 2))
}

export function threadNumber(): usize {
  return thread as usize
}

/** A 6 × 8 tile of this thread's own. */
export function edgeTile(): usize {
  return (EDGE_TILES as usize) + (thread as usize) * (EDGE_TILE_BYTES as usize)
}

/** Runs all chunks of a kernel whose arguments are in place, alone. */
export function launchAlone(kernel: i32, chunks: i32): void {
  for (let chunk = 0; chunk < chunks; chunk++) runChunk(kernel, chunk)
}

/** The same with all threads; @returns when every chunk is done: 0, or 1 when a thread has died */
export function launch(kernel: i32, chunks: i32): i32 {
  if (!ASC_FEATURE_THREADS) {
    launchAlone(kernel, chunks)
    return 0
  }
  store<i32>(KERNEL, kernel)
  store<i32>(CHUNKS, chunks)
  atomic.store<i32>(DONE, 0)
  const generation = atomic.load<i32>(GENERATION) + 1
  atomic.store<i64>(TASKS, ((generation as i64) << 32) | (chunks as i64))
  atomic.store<i32>(GENERATION, generation)
  if (atomic.load<i32>(SLEEPERS) > 0) atomic.notify(GENERATION, -1)
  takeChunks(generation)
  for (let spins = 0; spins < SPINS; spins++) if (atomic.load<i32>(DONE) === chunks) return 0
  atomic.store<i32>(LAUNCHER_SLEEPS, 1)
  for (let done = atomic.load<i32>(DONE); done !== chunks; done = atomic.load<i32>(DONE)) {
    if (atomic.load<i32>(FAILED) !== 0) return 1
    atomic.wait<i32>(DONE, done, -1)
  }
  atomic.store<i32>(LAUNCHER_SLEEPS, 0)
  return 0
}

/**
 * Launch and count are one word, taken from by compare-and-swap. A thread that comes late finds either nothing left or
 * the next launch, whose arguments were in place before its count was: it leaves that to its own look at GENERATION. Only
 * CHUNKS may be the next launch's already when a late thread compares; at worst the launcher is woken for nothing.
 */
function takeChunks(generation: i32): void {
  if (!ASC_FEATURE_THREADS) return
  while (true) {
    const tasks = atomic.load<i64>(TASKS)
    const left = tasks as i32
    if (((tasks >> 32) as i32) !== generation || left === 0) return
    if (atomic.cmpxchg<i64>(TASKS, tasks, tasks - 1) !== tasks) continue
    runChunk(load<i32>(KERNEL), left - 1)
    const isLast = atomic.add<i32>(DONE, 1) + 1 === load<i32>(CHUNKS)
    if (isLast && atomic.load<i32>(LAUNCHER_SLEEPS) !== 0) atomic.notify(DONE, 1)
  }
}

/** What the other threads do until they are stopped. */
export function serve(number: i32): void {
  thread = number
  if (!ASC_FEATURE_THREADS) return
  let seen = 0
  while (true) {
    let generation = atomic.load<i32>(GENERATION)
    for (let spins = 0; generation === seen; spins++) {
      if (spins === SPINS) {
        atomic.add<i32>(SLEEPERS, 1)
        atomic.wait<i32>(GENERATION, seen, -1)
        atomic.sub<i32>(SLEEPERS, 1)
        spins = 0
      }
      generation = atomic.load<i32>(GENERATION)
    }
    seen = generation
    if (atomic.load<i32>(STOP) !== 0) return
    takeChunks(generation)
  }
}

/** Ends every `serve`. */
export function stop(): void {
  if (!ASC_FEATURE_THREADS) return
  atomic.store<i32>(STOP, 1)
  atomic.add<i32>(GENERATION, 1)
  atomic.notify(GENERATION, -1)
}
