// A kernel reads nothing that nobody wrote, and writes nowhere but into its results: whatever the memory held before,
// wherever the arrays are, and however many threads there are, the results are the same bits.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Given } from './given.ts'
import { type KernelCall, kernelCalls } from './kernel-calls.ts'
import { openPoisoned, type PoisonedDevice } from './poisoned-device.ts'

/** Where other programs are busy, every launch waits until the thread that has its last chunk gets a core. */
const LONGEST = 300_000
const HIGH = 2.2 * 2 ** 30
const [NAN, LARGEST, MINUS_NAN, ONE] = [0x7fc00000, 0x7f7fffff, 0xffc12345, 0x3f800000]

let devices: PoisonedDevice[]
beforeAll(async () => {
  devices = [
    await openPoisoned({ threads: 1, bits: NAN }),
    await openPoisoned({ threads: 2, bits: LARGEST }),
    await openPoisoned({ threads: 3, bits: ONE, above: HIGH }),
    await openPoisoned({ threads: 7, bits: MINUS_NAN }),
  ]
})
afterAll(() => {
  for (const { close } of devices) close()
})

async function resultsOf({ kernels, filler, overruns }: PoisonedDevice, call: KernelCall) {
  const before = kernels.memory().arrays
  const results = kernels.scope(() => call.run(kernels, new Given(kernels, call.gaps, filler)))
  const values: ArrayLike<number>[] = []
  for (const result of results)
    if (result instanceof Promise) values.push([await result])
    else {
      values.push(bitsOf(await kernels.read(result)))
      kernels.free(result)
    }
  expect(overruns()).toEqual([])
  expect(kernels.memory().arrays, 'arrays left behind').toBe(before)
  return values
}

const bitsOf = ({ buffer }: Float32Array<ArrayBuffer>) => new Uint32Array(buffer)

function expectSame(got: ArrayLike<number>, wanted: ArrayLike<number>, result: string): void {
  expect(got.length, result).toBe(wanted.length)
  for (let i = 0; i < wanted.length; i++)
    if (got[i] !== wanted[i]) expect.fail(`${result} differs at ${i}: ${got[i]}, on one thread ${wanted[i]}`)
}

it(
  'any kernel, of any size, gives the same bits from any garbage, at any address, on 1, 2, 3 and 7 threads',
  async () => {
    await fc.assert(
      fc.asyncProperty(kernelCalls, async call => {
        const [first, ...others] = devices
        const wanted = await resultsOf(first!, call)
        for (const [i, device] of others.entries()) {
          const got = await resultsOf(device, call)
          expect(got).toHaveLength(wanted.length)
          for (const [j, values] of wanted.entries())
            expectSame(got[j]!, values, `result ${j} of device ${i + 2}`)
        }
      }),
      { seed: 5, numRuns: 200 },
    )
    const kernels = Object.entries(devices[0]!.kernels).flatMap(([name, x]) =>
      typeof x === 'function' ? name : [],
    )
    const called = new Set(devices[0]!.called).add('keep')
    expect(
      kernels.filter(name => !called.has(name)),
      'kernels that no case calls',
    ).toEqual([])
    expect(devices[2]!.lowest()).toBeGreaterThan(HIGH)
  },
  LONGEST,
)
