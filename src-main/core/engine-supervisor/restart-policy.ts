// When a lost engine is started again. Chromium refuses an adapter for two minutes after two losses, so the waits grow
// past that; an engine that dies again and again without getting anywhere needs a person.

/** Seconds before the 1st, 2nd … restart in a row; the last exceeds Chromium's two-minute block. */
export const BACK_OFF_SECONDS = [1, 2, 5, 15, 60, 130] as const
/** Losses at the same training step, or in a row while idle, after which a person must decide. */
export const LOSSES_AT_SAME_STEP = 3

export interface Loss {
  /** Seconds on a monotonic clock. */
  readonly at: number
  /** Training step that was under way, or null. */
  readonly step: number | null
}

/** A loss older than this, with work done since, starts the count anew. */
const FORGIVEN_AFTER_SECONDS = 600

/**
 * @param losses oldest first, the newest being the one to answer
 * @returns seconds to wait, or `needs-user`
 */
export function restartPolicy(losses: readonly Loss[]): { waitSeconds: number } | 'needs-user' {
  const newest = losses.at(-1)!
  const recent = losses.filter(loss => newest.at - loss.at <= FORGIVEN_AFTER_SECONDS)
  const sameStep = recent.filter(loss => loss.step === newest.step).length
  if (newest.step !== null && sameStep >= LOSSES_AT_SAME_STEP) return 'needs-user'
  if (recent.length > BACK_OFF_SECONDS.length) return 'needs-user'
  return { waitSeconds: BACK_OFF_SECONDS[recent.length - 1]! }
}
