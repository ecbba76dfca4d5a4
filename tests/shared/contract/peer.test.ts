// Two peers over each real channel: a MessagePort pair, a worker's port, a WebSocket.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { MessageChannel } from 'node:worker_threads'
import * as v from 'valibot'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocketServer, WebSocket as WsSocket } from 'ws'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { count, float32s, int32s, method } from '../../../src-shared/contract/method.ts'
import { createPeer, type Transport } from '../../../src-shared/contract/peer.ts'
import {
  mainPortTransport,
  portTransport,
  type Socket,
  socketTransport,
} from '../../../src-shared/contract/transports.ts'

const methods = {
  sum: method(v.object({ values: float32s, scale: v.optional(v.number()) }), v.object({ sum: v.number() })),
  tokens: method(v.object({ count }), v.object({ ids: int32s })),
  fail: method(v.object({}), v.object({})),
  broken: method(v.object({}), v.object({ n: count })),
  unclonable: method(v.object({}), v.unknown()),
  never: method(v.object({}), v.object({})),
}
const topics = { tick: v.object({ n: count }) }
const facts = {
  code: 'damaged' as const,
  what: 'the file is torn',
  where: 'weights, byte 12',
  expected: '16 bytes',
  got: '12 bytes',
  fix: 'use the copy',
  details: 'line 1\nline 2',
}

interface Ends {
  near: Transport
  far: Transport
  /** Puts a raw message on the wire towards `far`. */
  raw(message: unknown): void
}
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

const channels: Record<string, () => Promise<Ends>> = {
  'MessagePorts of Node': async () => {
    const { port1, port2 } = new MessageChannel()
    cleanups.push(() => port1.close())
    return {
      near: portTransport(port1),
      far: portTransport(port2),
      raw: message => port1.postMessage(message),
    }
  },
  'MessagePorts of the web': async () => {
    const { port1, port2 } = new globalThis.MessageChannel()
    cleanups.push(() => port1.close())
    return {
      near: portTransport(port1),
      far: portTransport(port2),
      raw: message => port1.postMessage(message),
    }
  },
  "Electron's port, whose listeners get an event as a MessagePort's do": async () => {
    const { port1, port2 } = new MessageChannel()
    cleanups.push(() => port1.close())
    return {
      near: portTransport(port1),
      far: mainPortTransport({
        postMessage: message => port2.postMessage(message),
        on: (type: string, listen: (event: { data: unknown }) => void) =>
          port2.on(type, data => listen({ data })),
        start: () => port2.start(),
        close: () => port2.close(),
      }),
      raw: message => port1.postMessage(message),
    }
  },
  'a WebSocket, ws against ws': () => sockets(url => new WsSocket(url)),
  'a WebSocket, the web API against ws': () => sockets(url => new WebSocket(url)),
}
async function sockets(connect: (url: string) => Socket): Promise<Ends> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  cleanups.push(() => {
    for (const client of server.clients) client.terminate()
    return new Promise(resolve => server.close(resolve))
  })
  const socket = connect(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const near = socketTransport(socket)
  const [far] = (await once(server, 'connection')) as [WsSocket]
  return {
    near,
    far: socketTransport(far),
    raw: message => socket.send(message as Uint8Array<ArrayBuffer>),
  }
}

function join({ near, far }: Ends) {
  const heard: number[] = []
  const client = createPeer({
    transport: near,
    local: {},
    handlers: {},
    remote: methods,
    incoming: topics,
    outgoing: topics,
    onTopic: (_, payload) => heard.push(payload.n),
  })
  const server = createPeer({
    transport: far,
    local: methods,
    handlers: {
      sum: ({ values, scale }) => ({ sum: values.reduce((a, b) => a + b, 0) * (scale ?? 1) }),
      tokens: ({ count }) => ({ ids: Int32Array.from({ length: count }, (_, i) => i) }),
      fail: () => {
        throw new LabError(facts)
      },
      broken: () => ({ n: -1 }),
      unclonable: () => ({ f: () => 1 }),
      never: () => new Promise(() => {}),
    },
    remote: {},
    incoming: topics,
    outgoing: topics,
    onTopic: () => {},
  })
  return { client, server, heard }
}

const caught = (promise: Promise<unknown>): Promise<LabError> =>
  promise.then(
    () => {
      throw new Error('it was not refused')
    },
    error => error,
  )

describe.each(Object.entries(channels))('peers over %s', (_, open) => {
  it('answer with typed arrays both ways, whatever their size', async () => {
    const { client } = join(await open())
    const values = new Float32Array(2 ** 20).fill(0.5)
    expect(await client.call('sum', { values, scale: undefined })).toEqual({ sum: 2 ** 19 })
    const { ids } = await client.call('tokens', { count: 100_000 })
    expect(ids).toBeInstanceOf(Int32Array)
    expect(ids[99_999]).toBe(99_999)
  })

  it('carry an error with all its facts', async () => {
    const { client } = join(await open())
    const error = await caught(client.call('fail', {}))
    expect(error).toBeInstanceOf(LabError)
    expect(error.facts).toEqual(facts)
  })

  it('refuse a wrong input on the serving side, naming method and field', async () => {
    const { client } = join(await open())
    const error = await caught(client.call('tokens', { count: -3 }))
    expect(error.facts).toMatchObject({ code: 'bad-input', where: 'tokens' })
    expect(error.facts.what).toMatch(/count/)
  })

  it('refuse a wrong answer and a wrong topic before they are sent', async () => {
    const { client, server } = join(await open())
    expect((await caught(client.call('broken', {}))).facts.where).toBe('answer of broken')
    expect(() => server.publish('tick', { n: 0.5 })).toThrow(/n: /)
  })

  it('refuse unknown methods, those of Object included', async () => {
    const { client } = join(await open())
    for (const name of ['nothing', 'constructor', '__proto__', 'hasOwnProperty', 'then']) {
      const error = await caught(client.call(name as 'fail', {}))
      expect(error.facts.what).toBe(`there is no method "${name}"`)
    }
  })

  it('tell the caller when an answer cannot travel', async () => {
    const { client } = join(await open())
    const error = await caught(client.call('unclonable', {}))
    expect(error).toBeInstanceOf(LabError)
    expect(error.facts.code).toBe('internal')
  })

  it('deliver topics in order', async () => {
    const { client, server, heard } = join(await open())
    for (let n = 0; n < 20; n++) server.publish('tick', { n })
    await client.call('tokens', { count: 1 })
    expect(heard).toEqual(Array.from({ length: 20 }, (_, n) => n))
  })

  it('reject calls in flight and later ones when the other side closes', async () => {
    const { client, server } = join(await open())
    const inFlight = caught(client.call('never', {}))
    await client.call('tokens', { count: 1 })
    server.close()
    expect((await inFlight).facts.code).toBe('engine-lost')
    await Promise.all([client.closed, server.closed])
    expect((await caught(client.call('fail', {}))).facts.code).toBe('engine-lost')
    client.publish('tick', { n: 1 })
  })

  it('reject calls in flight when this side closes', async () => {
    const { client } = join(await open())
    const inFlight = caught(client.call('never', {}))
    await client.call('tokens', { count: 1 })
    client.close()
    expect((await inFlight).facts.code).toBe('engine-lost')
  })

  it.each([
    ['nothing', null],
    ['a text', 'hello'],
    ['an unknown envelope', { t: 'x' }],
    ['a function of another name', { t: 'q', i: '1', m: 'toString', a: ['fail', {}] }],
    ['too few arguments', { t: 'q', i: '1', m: 'request', a: [] }],
  ])('hang up on a side that sends %s', async (_, message) => {
    const ends = await open()
    const { client, server } = join(ends)
    await client.call('tokens', { count: 1 })
    ends.near.post(message)
    await Promise.all([client.closed, server.closed])
  })
})

describe('a WebSocket transport', () => {
  it.each([
    ['text', 'hello'],
    ['bytes that are no message', Uint8Array.of(0xc1)],
  ])('hangs up on %s', async (_, message) => {
    const ends = await sockets(url => new WebSocket(url))
    const { client, server } = join(ends)
    await client.call('tokens', { count: 1 })
    ends.raw(message)
    await Promise.all([client.closed, server.closed])
  })
})
