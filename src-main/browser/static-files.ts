// The built pages over HTTP. What may be served is listed once at the start: no request can name anything else.
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { contentTypeOf, listPages, securityHeaders } from '../core/pages/built-pages.ts'

/** @param host as the request named it, for the socket's address */
const headersFor = (host: string): Record<string, string> => ({
  ...securityHeaders({ connect: `ws://${host}`, frames: "'self'" }),
  'Cache-Control': 'no-store',
})

/** URL path → file, for every plain file of the folder. @throws LabError `not-found` when the pages are not built */
export function listFiles(folder: string): ReadonlyMap<string, string> {
  const files = new Map(listPages(folder))
  const index = files.get('/index.html')
  if (index) files.set('/', index)
  return files
}

/** Answers one request for a file. Refusals have no body: they tell nothing. */
export async function serveFile(
  files: ReadonlyMap<string, string>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method, headers } = request
  const refuse = (status: number, more: Record<string, string> = {}) =>
    response.writeHead(status, { ...more, Connection: 'close' }).end()
  if (method !== 'GET' && method !== 'HEAD') return void refuse(405, { Allow: 'GET, HEAD' })
  if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0)
    return void refuse(400)
  const path = pathOf(request.url ?? '')
  const file = path === undefined ? undefined : files.get(path)
  if (!file) return void refuse(404)
  const body = await readFile(file)
  response.writeHead(200, {
    ...headersFor(headers.host ?? ''),
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
