// What is timed: a workload does its steps one after the other for as long as it is asked.

export interface Workload {
  /** Steps that belong together and are counted as one: 1 of training, all new tokens of a batch of texts. */
  readonly stepsPerUnit: number
  /** Step `index` of a unit. Everything up to the read-back runs before the first await. */
  step(index: number): Promise<unknown>
  dispose(): void
}

/** Lets messages in between steps; throws when the person has cancelled. */
export type Breathe = () => Promise<void>

/** What kernels know about themselves while they are measured. */
export interface Probe {
  start(): void
  stop(): void
  /** In kernels since `start`. */
  readonly kernelMs: number
  /** Device memory in use at the most since `start`. */
  readonly peakBytes: number
}

export interface Timing {
  /** Per unit. */
  readonly unitMs: readonly number[]
  /** Per step, in JavaScript: with a probe all that is not in kernels, else all before the device is waited for. */
  readonly jsMs: readonly number[]
}

/** Times whole units. @param probe started; absent where the kernels have none */
export async function timeUnits(
  workload: Workload,
  units: number,
  breathe: Breathe,
  probe?: Probe,
): Promise<Timing> {
  const unitMs: number[] = []
  const jsMs: number[] = []
  for (let unit = 0; unit < units; unit++) {
    let sum = 0
    for (let index = 0; index < workload.stepsPerUnit; index++) {
      await breathe()
      const kernelMs = probe?.kernelMs ?? 0
      const start = performance.now()
      const done = workload.step(index)
      const untilWaiting = performance.now() - start
      await done
      const stepMs = performance.now() - start
      jsMs.push(probe ? stepMs - (probe.kernelMs - kernelMs) : untilWaiting)
      sum += stepMs
    }
    unitMs.push(sum)
  }
  return { unitMs, jsMs }
}

/** Not the mean: one step in which the machine did something else should not count. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
