// Answers a request for one of the built pages. Refusals have no body: they tell nothing.
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { contentTypeOf, securityHeaders } from '../core/pages/built-pages.ts'

/** @param pages URL path → file: all that can be asked for */
export async function serveFile(
  pages: ReadonlyMap<string, string>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method, headers } = request
  const refuse = (status: number, more: Record<string, string> = {}): void => {
    response.writeHead(status, { ...more, Connection: 'close' }).end()
  }
  if (method !== 'GET' && method !== 'HEAD') return refuse(405, { Allow: 'GET, HEAD' })
  if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0)
    return refuse(400)
  const path = pathOf(request.url ?? '')
  const file = path === undefined ? undefined : pages.get(path === '/' ? '/index.html' : path)
  if (!file) return refuse(404)
  const body = await readFile(file)
  response.writeHead(200, {
    // The engine's page is framed by the lab's.
    ...securityHeaders({ connect: `ws://${headers.host}`, frames: "'self'" }),
    'Cache-Control': 'no-store',
    'Content-Type': contentTypeOf(file),
    'Content-Length': body.byteLength,
  })
  response.end(method === 'HEAD' ? undefined : body)
}

/** The decoded path of a request's target; undefined when it is not one. */
export function pathOf(target: string): string | undefined {
  if (!target.startsWith('/')) return undefined
  try {
    return decodeURIComponent(target.split(/[?#]/, 1)[0]!)
  } catch {
    return undefined
  }
}
