// Long loops on the event loop of the core: what else is waited for gets its turn in between.
import { setImmediate as nextTurn } from 'node:timers/promises'

/** How long one turn may last. */
export const TURN_MS = 20

/**
 * @returns a function to await in a loop: settles at once, or after the others' turn where this one has lasted
 *   `turnMs`
 */
export function takeTurns(turnMs = TURN_MS): () => Promise<void> | undefined {
  let sinceMs = performance.now()
  const others = async () => {
    await nextTurn()
    sinceMs = performance.now()
  }
  return () => (performance.now() - sinceMs < turnMs ? undefined : others())
}
