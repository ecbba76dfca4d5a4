// app://lab/…: the address of our own pages. A scheme of our own, because file:// pages share one origin with every file
// of the disk and cannot be cross-origin isolated.
import { contentTypeOf, securityHeaders } from '../core/pages/built-pages.ts'

export const APP_SCHEME = 'app'
export const APP_HOST = 'lab'
export type PageName = 'index' | 'engine'

/** @param devServer address of the Vite server, only while developing */
export const pageUrl = (page: PageName, devServer?: string): string =>
  new URL(`/${page}.html`, devServer ?? `${APP_SCHEME}://${APP_HOST}`).href

export type AppAnswer =
  | { status: 200; file: string; headers: Record<string, string> }
  | { status: 400 | 404 | 405 }

/**
 * What one request is answered with.
 * @param files URL path → file, from listPages: a path that is not listed does not exist, whatever it spells
 */
export function answerFor(files: ReadonlyMap<string, string>, method: string, url: string): AppAnswer {
  if (method !== 'GET' && method !== 'HEAD') return { status: 405 }
  const parsed = URL.parse(url)
  if (!parsed || parsed.protocol !== `${APP_SCHEME}:` || parsed.host !== APP_HOST) return { status: 404 }
  let path: string
  try {
    path = decodeURIComponent(parsed.pathname)
  } catch {
    return { status: 400 }
  }
  const file = files.get(path)
  if (!file) return { status: 404 }
  return {
    status: 200,
    file,
    headers: { ...securityHeaders({ frames: "'none'" }), 'Content-Type': contentTypeOf(file) },
  }
}
