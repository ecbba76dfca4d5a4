// Who may talk to the loopback host. Any web page and any program of this machine can reach its port, so every request
// must name us as its host (against DNS rebinding), come from our own page, and, for the socket, carry the token.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** Both names that a browser may show for us. */
const hostsOf = (port: number): readonly string[] => [`127.0.0.1:${port}`, `localhost:${port}`]

/**
 * @param purpose a `socket` is only opened by our page's script, and a script's request always names its origin
 * @returns true when Host, Origin and Sec-Fetch-Site are those of our own page, or of a person who typed the address
 */
export function isOurOwn(headers: IncomingHttpHeaders, port: number, purpose: 'file' | 'socket'): boolean {
  const { host, origin } = headers
  if (!host || !hostsOf(port).includes(host)) return false
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'none' && site !== 'same-origin') return false
  if (origin === undefined) return purpose === 'file'
  return origin === `http://${host}`
}

/** Compares in a time that does not depend on how much of it is right. */
export function isToken(given: string, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(token))
}
