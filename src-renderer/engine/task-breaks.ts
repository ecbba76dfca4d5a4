/**
 * Lets messages in while much is computed: on the CPU backends awaiting a read-back never leaves the current task, so a
 * request to stop would wait for the end. Not at every call, as browsers make nested timers wait 4 ms.
 */
export function taskBreaks(everyMs = 50): () => Promise<void> {
  let last = performance.now()
  return async () => {
    if (performance.now() - last < everyMs) return
    await new Promise(resolve => setTimeout(resolve))
    last = performance.now()
  }
}
