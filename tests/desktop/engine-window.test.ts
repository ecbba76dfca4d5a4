// The hidden window as the core's supervisor meets it: it connects, it dies, it is replaced.
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { type EnginePage, EngineWindow } from '../../src-main/desktop/engine-window.ts'
import type { Transport } from '../../src-shared/contract/peer.ts'
import { portTransport } from '../../src-shared/contract/transports.ts'

/** A window with real ports, whose page and process are driven by the test. */
class TestPage implements EnginePage {
  readonly webContentsId: number
  destroyed = false
  loading = Promise.withResolvers<void>()
  gone: (reason: string) => void = () => {}
  farPort: MessagePort | null = null
  constructor(id: number) {
    this.webContentsId = id
  }
  load = () => this.loading.promise
  onGone(gone: (reason: string) => void) {
    this.gone = gone
  }
  sendPort(): Transport {
    const { port1, port2 } = new MessageChannel()
    this.farPort = port2
    return portTransport(port1)
  }
  destroy() {
    this.destroyed = true
    this.farPort?.close()
  }
}

function testWindow() {
  const pages: TestPage[] = []
  const host = new EngineWindow(() => {
    const page = new TestPage(pages.length + 1)
    pages.push(page)
    return page
  })
  return { host, pages }
}
/** `start` has awaited the end of the earlier window by then. */
const soon = () => new Promise<void>(resolve => setImmediate(resolve))
const closed = (transport: Transport) => new Promise<void>(resolve => transport.onClose(resolve))

test('a page that asks for its port is connected, and messages arrive', async () => {
  const { host, pages } = testWindow()
  const starting = host.start()
  await soon()
  host.connect(1)
  const transport = await starting
  const message = new Promise(resolve => transport.onMessage(resolve))
  pages[0]!.farPort!.postMessage({ ids: new Int32Array([1, 2]) })
  expect(await message).toEqual({ ids: new Int32Array([1, 2]) })
  await host.stop()
})

test('another window cannot take the port', async () => {
  const { host, pages } = testWindow()
  const starting = host.start()
  await soon()
  host.connect(7)
  expect(pages[0]!.farPort).toBe(null)
  host.connect(1)
  await starting
  const given = pages[0]!.farPort
  host.connect(1)
  expect(pages[0]!.farPort).toBe(given)
  await host.stop()
})

test('a process that dies closes the channel, so that the supervisor hears of it', async () => {
  const { host, pages } = testWindow()
  const starting = host.start()
  await soon()
  host.connect(1)
  const transport = await starting
  pages[0]!.gone('its process ended (oom)')
  await closed(transport)
  expect(pages[0]!.destroyed).toBe(true)
})

test('a window that dies before it has connected is an error that says why', async () => {
  const { host, pages } = testWindow()
  const starting = host.start()
  await soon()
  pages[0]!.gone('its process ended (crashed)')
  await expect(starting).rejects.toThrow(/could not start: its process ended \(crashed\)/)
})

test('a page that cannot be loaded is an error that says why', async () => {
  const { host, pages } = testWindow()
  const starting = host.start()
  await soon()
  pages[0]!.loading.reject(new Error('ERR_FILE_NOT_FOUND'))
  await expect(starting).rejects.toThrow(/ERR_FILE_NOT_FOUND/)
})

test('a fresh start ends the earlier window, whose late reports are ignored', async () => {
  const { host, pages } = testWindow()
  const first = host.start()
  await soon()
  host.connect(1)
  const firstTransport = await first
  const second = host.start()
  await soon()
  await closed(firstTransport)
  expect(pages.map(({ destroyed }) => destroyed)).toEqual([true, false])
  pages[0]!.gone('it was closed')
  host.connect(2)
  await second
  expect(pages[1]!.destroyed).toBe(false)
  await host.stop()
})
