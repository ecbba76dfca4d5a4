// The engine in a Node worker.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { serveEngine } from '../../src-renderer/engine/engine.ts'
import { portTransport } from '../../src-shared/contract/transports.ts'
import { nodePlatform } from './node-platform.ts'

const { port } = workerData as { port: MessagePort }
serveEngine(portTransport(port), nodePlatform)
parentPort!.postMessage('serving')
