// The four phases on the screens: their words, and the colour that each has everywhere.
import type { PhaseId } from '../../src-shared/config/phases.ts'

export { type Phase, type PhaseId, phaseOf, phases } from '../../src-shared/config/phases.ts'

/** The CSS variable that holds a phase's colour, readable on both themes. */
export const phaseColor = (id: PhaseId): string => `var(--lab-phase-${id})`
