// The built pages as the hosts serve them: which files there are, of what type, and with which protection.
import { type Dirent, readdirSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { LabError } from '../../../src-shared/contract/errors.ts'

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

export const contentTypeOf = (file: string): string =>
  contentTypes[extname(file).toLowerCase()] ?? 'application/octet-stream'

/**
 * Headers of every answer. COOP and COEP make a page cross-origin isolated, which SharedArrayBuffer needs.
 * @param connect sources that scripts may connect to, beside the page's own origin
 * @param frames who may show a page in a frame, and which pages a page may frame
 */
export const securityHeaders = (options: {
  connect?: string
  frames: "'self'" | "'none'"
}): Record<string, string> => ({
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src 'self'${options.connect ? ` ${options.connect}` : ''}`,
    "worker-src 'self' blob:",
    `frame-src ${options.frames}`,
    `frame-ancestors ${options.frames}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; '),
})

/**
 * URL path → file, for every plain file of the folder; links are left out. What may be served is listed once at the
 * start, so that no request can name anything else.
 * @throws LabError `not-found` when the pages are not built
 */
export function listPages(folder: string): ReadonlyMap<string, string> {
  let entries: Dirent[]
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
  return files
}
