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
