// The bench of a served engine: one at a time, stopped between two steps, out of the way when a run comes.
import { beforeAll, expect, it } from 'vitest'
import { EngineBench } from '../../src-renderer/engine/bench/engine-bench.ts'
import { type OpenDevice, openDevice } from '../../src-renderer/engine/device.ts'
import { nodePlatform } from './engine-platform.ts'

let device: OpenDevice
beforeAll(async () => {
  device = await openDevice('wasm', nodePlatform)
})

/** A bench under way: `begun` settles after its first turn. */
function started(engine: EngineBench, bench = 'bench-1') {
  const { promise: begun, resolve } = Promise.withResolvers<void>()
  const measured = engine.run({ bench, effort: 'quick', availableBytes: null }, device, {
    prepare: async () => {},
    onProgress: ({ done }) => done > 1 && resolve(),
  })
  return { begun, measured }
}

it('is stopped by its own name only, and leaves the device as it was', async () => {
  const engine = new EngineBench(nodePlatform)
  const { begun, measured } = started(engine)
  expect(engine.busy).toBe(true)
  expect(() => engine.refuseWhileBusy()).toThrow('the speed of this device is being measured')
  await expect(started(engine, 'bench-2').measured).rejects.toThrow('is being measured')
  await begun
  engine.stop('bench-2')
  engine.stop('bench-1')
  await expect(measured).rejects.toMatchObject({ facts: { code: 'cancelled' } })
  expect(engine.busy).toBe(false)
  engine.refuseWhileBusy()
  const sum = device.kernels.upload(Float32Array.of(1, 2), [2])
  expect(await device.kernels.read(device.kernels.add(sum, sum))).toEqual(Float32Array.of(2, 4))
})

it('gives way to a run, and says so', async () => {
  const engine = new EngineBench(nodePlatform)
  const { begun, measured } = started(engine)
  const refused = expect(measured).rejects.toThrow('the measurement was stopped, as a run was started')
  await begun
  await engine.giveWay()
  expect(engine.busy).toBe(false)
  await refused
  await engine.giveWay()
})
