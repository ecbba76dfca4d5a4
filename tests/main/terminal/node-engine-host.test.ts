// The engine's worker thread: a channel when it serves, a reason when it cannot load, a closed channel when it dies.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { NodeEngineHost } from '../../../src-main/terminal/node-engine-host.ts'
import type { LabError } from '../../../src-shared/contract/errors.ts'

const folder = mkdtempSync(join(tmpdir(), 'andromeda-engine-'))
afterAll(() => rmSync(folder, { recursive: true }))

function worker(name: string, code: string): URL {
  const file = join(folder, `${name}.mjs`)
  writeFileSync(file, `import { parentPort, workerData } from 'node:worker_threads'\n${code}`)
  return pathToFileURL(file)
}
const echo = `workerData.port.on('message', message => workerData.port.postMessage(message)); parentPort.postMessage('serving')`
const dies = `workerData.port.on('message', () => process.exit(3)); parentPort.postMessage('serving')`

describe('the engine in a worker thread', () => {
  it('is reached over its own port', async () => {
    const host = new NodeEngineHost(worker('echo', echo))
    const transport = await host.start()
    const answer = new Promise(resolve => transport.onMessage(resolve))
    transport.post({ weights: Float32Array.of(1, 2) })
    expect(await answer).toEqual({ weights: Float32Array.of(1, 2) })
    await host.stop()
  })

  it('closes its channel when the thread dies and when it is stopped or replaced', async () => {
    const host = new NodeEngineHost(worker('dies', dies))
    for (const end of ['dies', 'start', 'stop'] as const) {
      const transport = await host.start()
      const closed = new Promise<void>(resolve => transport.onClose(resolve))
      if (end === 'dies') transport.post('die')
      else await host[end]()
      await closed
    }
    await host.stop()
  })

  it.each([
    ['throws while it loads', `throw new Error('no such backend')`, /does not load: no such backend/],
    ['is not there', null, /does not load: Cannot find module/],
    ['ends without serving', 'process.exit(7)', /its thread ended with code 7/],
  ])('says why when its code %s, and that trying again is no use', async (name, code, reason) => {
    const url =
      code === null ? pathToFileURL(join(folder, 'nowhere.mjs')) : worker(name.replaceAll(' ', '-'), code)
    const refused: LabError = await new NodeEngineHost(url).start().then(
      () => expect.fail('it started'),
      error => error,
    )
    expect(refused.facts.code).toBe('unsupported')
    expect(refused.message).toMatch(reason)
  })
})
