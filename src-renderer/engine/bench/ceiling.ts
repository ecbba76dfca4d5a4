// The most that the CPU cores can do, whatever the kernels: measured before anything is compared with it.

/**
 * Rates of the machine. FLOP/s: independent fused multiply-adds in registers, 2 FLOPs each. Bytes/s: a copy between two
 * buffers larger than the last cache, bytes read plus bytes written.
 */
export interface Ceiling {
  /** Those of "all threads" below. */
  readonly threads: number
  readonly flopsPerSecond: number
  readonly flopsPerSecondOneThread: number
  readonly copyBytesPerSecond: number
  readonly copyBytesPerSecondOneThread: number
}

/** With less than this times the multiply-adds of one thread, several threads had no cores of their own. */
const LEAST_GAIN = 1.5

/**
 * The best of several measurements: what else the machine did during one of them must not lower the ceiling. All
 * threads can do what one can.
 * @param measured at least one   @returns `notes`: whether the cores were free, as a sentence
 */
export function combinedCeiling(measured: readonly Ceiling[]): { ceiling: Ceiling; notes: string[] } {
  const most = (rate: Exclude<keyof Ceiling, 'threads'>) => Math.max(...measured.map(one => one[rate]))
  const { threads } = measured[0]!
  const flopsPerSecondOneThread = most('flopsPerSecondOneThread')
  const copyBytesPerSecondOneThread = most('copyBytesPerSecondOneThread')
  const gain = most('flopsPerSecond') / flopsPerSecondOneThread
  return {
    ceiling: {
      threads,
      flopsPerSecond: Math.max(most('flopsPerSecond'), flopsPerSecondOneThread),
      flopsPerSecondOneThread,
      copyBytesPerSecond: Math.max(most('copyBytesPerSecond'), copyBytesPerSecondOneThread),
      copyBytesPerSecondOneThread,
    },
    notes:
      threads > 1 && gain < LEAST_GAIN
        ? [
            `Other work kept the cores busy: figures with several threads are too low. ${threads} threads did ` +
              `${gain.toFixed(1)} times the multiply-adds of one; on free cores it would be about ${threads} times.`,
          ]
        : [],
  }
}
