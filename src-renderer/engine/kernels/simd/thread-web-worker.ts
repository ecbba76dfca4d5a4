// A further thread of the CPU kernels in a browser's worker.
import { serveThread, type ThreadStart } from './thread.ts'

addEventListener(
  'message',
  ({ data }: MessageEvent<ThreadStart>) => {
    serveThread(data, () => postMessage('serving')).catch(error => {
      // Thrown outside of the promise: only that reaches `onerror` of whoever started this worker.
      setTimeout(() => {
        throw error
      })
    })
  },
  { once: true },
)
