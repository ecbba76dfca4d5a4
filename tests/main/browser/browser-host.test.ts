// The loopback host over real sockets: who gets in, who does not, what a page and an engine may do.
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import {
  type BrowserHost,
  type BrowserHostOptions,
  startBrowserHost,
} from '../../../src-main/browser/browser-host.ts'
import { PageEngineHost } from '../../../src-main/browser/page-engine-host.ts'
import type { TopicListener } from '../../../src-main/core/lab.ts'
import type { LabError } from '../../../src-shared/contract/errors.ts'
import { labMethods, labTopics } from '../../../src-shared/contract/lab-contract.ts'
import { SOCKET_PATH, socketProtocols, tokenOf } from '../../../src-shared/contract/loopback.ts'
import { createPeer } from '../../../src-shared/contract/peer.ts'
import { socketTransport } from '../../../src-shared/contract/transports.ts'
import { encodeMessage, MAX_MESSAGE_BYTES } from '../../../src-shared/contract/websocket-codec.ts'

let folder: string
let host: BrowserHost
let pageEngine: PageEngineHost
let token: string
let listeners: Set<TopicListener>
const open: WebSocket[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'andromeda-pages-'))
  writeFileSync(join(folder, 'index.html'), '<h1>Lab</h1>')
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'assets', 'a b.js'), 'export {}')
  writeFileSync(join(folder, 'kernel.wasm'), '\0asm')
  symlinkSync('/etc/passwd', join(folder, 'link.txt'))
  writeFileSync(`${folder}-secret.txt`, 'secret')
  listeners = new Set()
  pageEngine = new PageEngineHost()
  // A few real handlers are enough: the host only passes calls on.
  const handlers = {
    'settings.all': () => ({ theme: 'dark' }),
    'files.write': ({ bytes }: { bytes: Uint8Array }) => {
      if (bytes.length !== 3) throw new Error(`${bytes.length} bytes`)
      return {}
    },
  } as unknown as BrowserHostOptions['lab']['handlers']
  const lab = {
    handlers,
    subscribe(listener: TopicListener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  host = await startBrowserHost({ lab, rendererFolder: folder, pageEngine })
  token = tokenOf(new URL(host.url).hash)!
})
afterEach(async () => {
  for (const socket of open.splice(0)) socket.terminate()
  await host.close()
  rmSync(folder, { recursive: true })
  rmSync(`${folder}-secret.txt`)
})

interface Ask {
  path?: string
  method?: string
  headers?: Record<string, string>
}
const ask = ({ path = '/', method = 'GET', headers = {} }: Ask) =>
  new Promise<{ status: number; headers: IncomingMessage['headers']; body: string }>((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port: host.port, path, method, headers }, async response => {
      let body = ''
      for await (const part of response) body += part
      resolve({ status: response.statusCode!, headers: response.headers, body })
    })
    asking.on('error', reject)
    asking.end()
  })

interface Dial {
  protocols?: string[]
  origin?: string | undefined
  headers?: Record<string, string>
  path?: string
}
/** Opens a socket as our page would, each part replaceable; resolves to it, or to the status that refused it. */
const dial = (asked: Dial = {}): Promise<WebSocket | number> => answerTo(socketFor(asked))

function socketFor(asked: Dial): WebSocket {
  const {
    protocols = socketProtocols('ui', token),
    origin = `http://127.0.0.1:${host.port}`,
    path = SOCKET_PATH,
    headers = {},
  } = asked
  const given = 'origin' in asked && asked.origin === undefined ? {} : { origin }
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}${path}`, protocols, { ...given, headers })
  open.push(socket)
  return socket
}
function answerTo(socket: WebSocket): Promise<WebSocket | number> {
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve(socket))
    socket.on('unexpected-response', (_, response) => {
      resolve(response.statusCode!)
      socket.terminate()
    })
    socket.on('error', reject)
  })
}
/** A page as ours: it listens before the socket opens, so that it misses nothing. */
async function openPage() {
  const socket = socketFor({})
  const heard: { topic: string; payload: unknown }[] = []
  const peer = createPeer({
    transport: socketTransport(socket),
    local: {},
    handlers: {},
    remote: labMethods,
    incoming: labTopics,
    outgoing: {},
    onTopic: (topic, payload) => heard.push({ topic, payload }),
  })
  expect(await answerTo(socket)).toBe(socket)
  return { peer, heard, socket }
}
const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise(resolve => setTimeout(resolve, 5))
}

describe('the pages', () => {
  it('are served isolated, sandboxed by policy, and never cached', async () => {
    const { status, headers, body } = await ask({})
    expect(status).toBe(200)
    expect(body).toBe('<h1>Lab</h1>')
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'/)
    expect(headers['access-control-allow-origin']).toBeUndefined()
  })

  it('have their content types and decoded names, and HEAD sends no body', async () => {
    expect((await ask({ path: '/kernel.wasm' })).headers['content-type']).toBe('application/wasm')
    expect((await ask({ path: '/assets/a%20b.js?v=1' })).body).toBe('export {}')
    const head = await ask({ path: '/index.html', method: 'HEAD' })
    expect(head).toMatchObject({ status: 200, body: '' })
    expect(head.headers['content-length']).toBe('12')
  })

  it.each([
    '/..%2f..%2fetc/passwd',
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/assets/../../x',
    '/link.txt',
    '/index.html%00.js',
    '/assets',
    '/%ff',
    '//etc/passwd',
    '/C:%5cwindows',
    '/__proto__',
  ])('never lead out of their folder: %s', async path => {
    expect(await ask({ path })).toMatchObject({ status: 404, body: '' })
    expect((await ask({ path: `/${folder.split('/').at(-1)}-secret.txt` })).status).toBe(404)
  })

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('are not for %s', async method => {
    expect(await ask({ method })).toMatchObject({ status: 405, body: '' })
  })

  it('need no body and accept none', async () => {
    expect((await ask({ headers: { 'Content-Length': '5' } }).catch(() => ({ status: 400 }))).status).toBe(
      400,
    )
  })
})

// Every way to be wrong, alone: a request with any one of them is refused.
const wrongHeaders: Record<string, (port: number) => Record<string, string>> = {
  'a rebound name as Host': port => ({ Host: `evil.example:${port}` }),
  'our name with another port': port => ({ Host: `127.0.0.1:${port + 1}` }),
  'our name without a port': () => ({ Host: '127.0.0.1' }),
  'a name that begins like ours': port => ({ Host: `127.0.0.1.evil.example:${port}` }),
  '0.0.0.0 as Host': port => ({ Host: `0.0.0.0:${port}` }),
  'a foreign Origin': () => ({ Origin: 'https://evil.example' }),
  'another port of this machine as Origin': port => ({ Origin: `http://127.0.0.1:${port + 1}` }),
  'null as Origin': () => ({ Origin: 'null' }),
  'our other name as Origin': port => ({ Origin: `http://localhost:${port}` }),
  'https as Origin': port => ({ Origin: `https://127.0.0.1:${port}` }),
  'a cross-site request': () => ({ 'Sec-Fetch-Site': 'cross-site' }),
  'a same-site request': () => ({ 'Sec-Fetch-Site': 'same-site' }),
}
describe.each(Object.entries(wrongHeaders))('%s', (_, headers) => {
  it('gets no page', async () => {
    expect(await ask({ headers: headers(host.port) })).toMatchObject({ status: 403, body: '' })
  })
  it('gets no socket, even with the token', async () => {
    const { Origin: origin, ...rest } = headers(host.port)
    expect(await dial({ headers: rest, ...(origin ? { origin } : {}) })).toBe(403)
  })
})

describe('a socket', () => {
  it('opens under both names of this machine', async () => {
    expect(await dial()).toBeInstanceOf(WebSocket)
    const localhost = `localhost:${host.port}`
    expect(await dial({ headers: { Host: localhost }, origin: `http://${localhost}` })).toBeInstanceOf(
      WebSocket,
    )
  })

  it('never shows the token in the answer', async () => {
    const socket = (await dial()) as WebSocket
    expect(socket.protocol).toBe('andromeda.ui')
  })

  it('needs an Origin', async () => {
    expect(await dial({ origin: undefined })).toBe(403)
  })

  it('needs the whole token and exactly one role', async () => {
    const [role, secret] = socketProtocols('ui', token) as [string, string]
    const wrong = [
      [role],
      [role, 'token.'],
      [role, secret.slice(0, -1)],
      [role, `${secret}A`],
      [role, `token.${'A'.repeat(43)}`],
      [secret, role],
      ['andromeda.root', secret],
      [role, 'andromeda.engine', secret],
    ]
    for (const protocols of wrong) expect(await dial({ protocols }), protocols.join()).toBe(401)
  })

  it('is nowhere but on its path', async () => {
    expect(await dial({ path: '/' })).toBe(404)
    expect(await dial({ path: `/rpc/${token}` })).toBe(404)
  })

  it('has a token of 256 bits, new with every start', async () => {
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    const other = await startBrowserHost({
      lab: { handlers: {} as never, subscribe: () => () => {} },
      rendererFolder: folder,
    })
    expect(tokenOf(new URL(other.url).hash)).not.toBe(token)
    await other.close()
  })

  it('is limited in number', async () => {
    for (let i = 0; i < 16; i++) expect(await dial()).toBeInstanceOf(WebSocket)
    expect(await dial()).toBe(503)
    open[0]!.close()
    await until(() => listeners.size < 16)
    expect(await dial()).toBeInstanceOf(WebSocket)
  })

  it('is closed on a message too large or malformed, and the host goes on', async () => {
    for (const message of [
      new Uint8Array(MAX_MESSAGE_BYTES + 1),
      encodeMessage({ t: 'q', i: '1', m: 'request', a: 'settings.all' }),
    ]) {
      const socket = (await dial()) as WebSocket
      const closed = new Promise(resolve => socket.on('close', resolve))
      socket.send(message)
      await closed
    }
    expect((await ask({})).status).toBe(200)
  })
})

describe('a page', () => {
  it('calls the lab, and hears its topics until it goes', async () => {
    const a = await openPage()
    const b = await openPage()
    expect(await a.peer.call('settings.all', {})).toEqual({ theme: 'dark' })
    expect(await b.peer.call('files.write', { file: 'file-1', bytes: Uint8Array.of(1, 2, 3) })).toEqual({})
    for (const listener of listeners) listener('changed', { what: 'runs' })
    await until(() => a.heard.length === 1 && b.heard.length === 1)
    expect(a.heard).toEqual([{ topic: 'changed', payload: { what: 'runs' } }])
    a.socket.close()
    await until(() => listeners.size === 1)
  })

  it('hears of a bad call as an error, and the host goes on', async () => {
    const { peer } = await openPage()
    const refused = await peer
      .call('files.write', { file: '../x', bytes: Uint8Array.of(1) })
      .catch((error: LabError) => error.facts)
    expect(refused).toMatchObject({ code: 'bad-input', where: 'files.write' })
    await expect(peer.call('engine.open' as 'settings.all', {})).rejects.toThrow(/there is no method/)
    expect(await peer.call('settings.all', {})).toEqual({ theme: 'dark' })
  })
})

describe('the engine in a page', () => {
  const engine = () => dial({ protocols: socketProtocols('engine', token) })
  const frames = (page: { heard: { topic: string; payload: unknown }[] }) =>
    page.heard.filter(({ topic }) => topic === 'engineFrame').map(({ payload }) => payload)

  it('is refused while none is asked for, and when one is there', async () => {
    expect(await engine()).toBe(409)
    const started = pageEngine.start()
    expect(await engine()).toBeInstanceOf(WebSocket)
    await started
    expect(await engine()).toBe(409)
  })

  it('is asked of a page that comes after the start', async () => {
    const started = pageEngine.start()
    const page = await openPage()
    await until(() => frames(page).length === 1)
    expect(frames(page)).toEqual([{ mount: true, number: 1 }])
    await engine()
    const transport = await started
    const got = new Promise(resolve => transport.onMessage(resolve))
    ;(open.at(-1) as WebSocket).send(encodeMessage({ hello: Int32Array.of(7) }))
    expect(await got).toEqual({ hello: Int32Array.of(7) })
  })

  it('is asked of one page only, and of the next when that one goes first', async () => {
    const a = await openPage()
    const b = await openPage()
    await until(() => listeners.size === 2)
    const started = pageEngine.start()
    await until(() => frames(a).length === 1)
    expect(frames(b)).toEqual([])
    a.socket.close()
    await until(() => frames(b).length === 1)
    await engine()
    await started
  })

  it('is replaced by a fresh one on the next start, and taken away on stop', async () => {
    const page = await openPage()
    await until(() => listeners.size === 1)
    const first = pageEngine.start()
    await engine()
    const old = open.at(-1)!
    await first
    const second = pageEngine.start()
    await once(old, 'close')
    await engine()
    await second
    await pageEngine.stop()
    await until(() => frames(page).length === 4)
    expect(frames(page)).toEqual([
      { mount: true, number: 1 },
      { mount: false, number: 2 },
      { mount: true, number: 3 },
      { mount: false, number: 4 },
    ])
  })

  it('tells whoever waits for it when it is stopped first', async () => {
    const started = pageEngine.start()
    const failed = expect(started).rejects.toThrow(/ended before it connected/)
    await pageEngine.stop()
    await failed
  })

  it('closing its socket ends the transport', async () => {
    const started = pageEngine.start()
    await engine()
    const transport = await started
    const closed = new Promise<void>(resolve => transport.onClose(resolve))
    open.at(-1)!.close()
    await closed
  })
})

describe('the port', () => {
  it('is bound to this machine only', async () => {
    const refused = await new Promise(resolve => {
      const socket = connect(host.port, '127.0.0.2')
      socket.on('error', () => resolve(true)).on('connect', () => resolve(false))
    })
    expect(refused).toBe(true)
  })

  it('refuses a second host with a clear sentence', async () => {
    const second = startBrowserHost({
      lab: { handlers: {} as never, subscribe: () => () => {} },
      rendererFolder: folder,
      port: host.port,
    })
    await expect(second).rejects.toThrow(`port ${host.port} is in use. Choose another --port`)
  })

  it('frees connections that send nothing, half a request, or headers without end', async () => {
    const dripping = Array.from({ length: 30 }, (_, i) => {
      const socket = connect(host.port, '127.0.0.1')
      socket.on('error', () => {})
      if (i % 3 === 1) socket.write('GET / HTTP/1.1\r\nHost: 127.')
      if (i % 3 === 2) socket.write(`GET / HTTP/1.1\r\nX: ${'x'.repeat(9000)}`)
      return once(socket.resume(), 'close')
    })
    expect((await ask({})).status).toBe(200)
    await Promise.all(dripping)
  })

  it('closes with everything open', async () => {
    const page = await openPage()
    connect(host.port, '127.0.0.1').on('error', () => {})
    await host.close()
    await page.peer.closed
    await expect(ask({})).rejects.toThrow(/ECONNREFUSED/)
    host = { ...host, close: async () => {} }
  })

  it('says how to build the pages where they are missing', async () => {
    const missing = startBrowserHost({
      lab: { handlers: {} as never, subscribe: () => () => {} },
      rendererFolder: join(folder, 'nowhere'),
    })
    await expect(missing).rejects.toThrow(/pages of the app are not built.*npm run build/)
  })
})
