import { MessageChannel } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { PageEngineHost } from '../../../src-main/browser/page-engine-host.ts'
import { portTransport } from '../../../src-shared/contract/transports.ts'

/** A host whose page has mounted the engine that it was told to. */
async function withEngine() {
  const host = new PageEngineHost()
  const started = host.start()
  const orders: boolean[] = []
  const closePage = host.addPage(({ mount }) => orders.push(mount))
  expect(orders).toEqual([true])
  const { port1 } = new MessageChannel()
  host.addEngine(portTransport(port1))
  await started
  return { host, closePage, closeEngine: () => port1.close() }
}

test('an engine that closes with its page was held by nobody any more, whichever closes first', async () => {
  const pageFirst = await withEngine()
  pageFirst.closePage()
  pageFirst.closeEngine()
  expect(await pageFirst.host.heldByNobody()).toBe(true)

  const engineFirst = await withEngine()
  engineFirst.closeEngine()
  const answer = engineFirst.host.heldByNobody()
  engineFirst.closePage()
  expect(await answer).toBe(true)
})

test('an engine that closes while its page stays has failed, also when another page goes', async () => {
  const { host, closeEngine } = await withEngine()
  const closeOther = host.addPage(() => {})
  closeEngine()
  closeOther()
  expect(await host.heldByNobody()).toBe(false)
})
