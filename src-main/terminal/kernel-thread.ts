// A further thread of the CPU kernels in a Node worker.
import { parentPort, workerData } from 'node:worker_threads'
import { serveThread, type ThreadStart } from '../../src-renderer/engine/kernels/simd/thread.ts'

await serveThread(workerData as ThreadStart, () => parentPort!.postMessage('serving'))
