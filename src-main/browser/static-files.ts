// The built pages over HTTP. What may be served is listed once at the start: no request can name anything else.
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, relative, sep } from 'node:path'
import { LabError } from '../../src-shared/contract/errors.ts'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
}

/**
 * Headers of every answer. COOP and COEP make the page cross-origin isolated, which SharedArrayBuffer needs.
 * @param host as the request named it, for the socket's address
 */
export const securityHeaders = (host: string): Record<string, string> => ({
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src 'self' ws://${host}`,
    "worker-src 'self' blob:",
    "frame-src 'self'",
    "frame-ancestors 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; '),
})

/** URL path → file, for every plain file of the folder; links are left out. */
export function listFiles(folder: string): ReadonlyMap<string, string> {
  let entries: import('node:fs').Dirent[]
  try {
    entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  } catch (error) {
    throw new LabError(
      {
        code: 'not-found',
        what: 'the pages of the app are not built',
        where: folder,
        fix: 'run npm run build, then try again',
      },
      { cause: error },
    )
  }
  const files = new Map<string, string>()
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    files.set(`/${relative(folder, file).split(sep).join('/')}`, file)
  }
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
    ...securityHeaders(headers.host ?? ''),
    'Content-Type': contentTypes[extname(file)] ?? 'application/octet-stream',
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
