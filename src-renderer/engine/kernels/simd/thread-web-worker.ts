// A further thread of the CPU kernels in a browser's worker.
import { serveThread, type ThreadStart } from './thread.ts'

addEventListener(
  'message',
  ({ data }: MessageEvent<ThreadStart>) => void serveThread(data, () => postMessage('serving')),
  { once: true },
)
