// Loaded into the command line's process: a wrapper killed with -9 cannot pass the signal on, but its channel closes.
import { isMainThread } from 'node:worker_threads'

if (isMainThread && process.channel) {
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  process.channel.unref()
}
