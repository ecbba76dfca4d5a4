// What the loopback host and its pages agree on: where the socket is, and how a page shows that it may use it.
// The token travels in the URL's fragment, which no browser sends anywhere, and from there as a WebSocket subprotocol.
export const SOCKET_PATH = '/rpc'

export const loopbackRoles = ['ui', 'engine'] as const
export type LoopbackRole = (typeof loopbackRoles)[number]

const protocolOf = (role: LoopbackRole): string => `andromeda.${role}`
const TOKEN_PREFIX = 'token.'

/** The subprotocols that a page asks for. The server answers with the first. */
export const socketProtocols = (role: LoopbackRole, token: string): string[] => [
  protocolOf(role),
  `${TOKEN_PREFIX}${token}`,
]

/** The reverse, from the header `Sec-WebSocket-Protocol`; undefined when it is not exactly one role and one token. */
export function readProtocols(header: string): { role: LoopbackRole; token: string } | undefined {
  const [first, second, ...more] = header.split(',').map(part => part.trim())
  const role = loopbackRoles.find(each => protocolOf(each) === first)
  if (!role || !second?.startsWith(TOKEN_PREFIX) || more.length > 0) return undefined
  return { role, token: second.slice(TOKEN_PREFIX.length) }
}

export const tokenFragment = (token: string): string => `#token=${token}`

/** The token in `location.hash`; undefined when there is none. */
export const tokenOf = (hash: string): string | undefined => /^#token=([A-Za-z0-9_-]+)$/.exec(hash)?.[1]
