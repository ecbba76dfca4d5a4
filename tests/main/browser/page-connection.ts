// A page's connection to the loopback host, without the page.
import { WebSocket } from 'ws'
import { type LabMethods, labMethods, labTopics } from '../../../src-shared/contract/lab-contract.ts'
import { SOCKET_PATH, socketProtocols, tokenOf } from '../../../src-shared/contract/loopback.ts'
import { createPeer, type Peer } from '../../../src-shared/contract/peer.ts'
import { socketTransport } from '../../../src-shared/contract/transports.ts'

/** @param address as the host prints it, with its token */
export function connectAsPage(address: string): Peer<LabMethods, Record<string, never>> {
  const { host, origin, hash } = new URL(address)
  const protocols = socketProtocols('ui', tokenOf(hash)!)
  return createPeer({
    transport: socketTransport(new WebSocket(`ws://${host}${SOCKET_PATH}`, protocols, { origin })),
    local: {},
    handlers: {},
    remote: labMethods,
    incoming: labTopics,
    outgoing: {},
    onTopic: () => {},
  })
}
