// The readiness verdict as a traffic light: every colour has its own shape and word, so that none of it is said by colour
// alone.
import { CircleCheck, OctagonX, TriangleAlert } from 'lucide-react'
import type { Verdict } from '../../../src-shared/contract/reward-contract.ts'

type Level = Verdict['level']

const lights = {
  green: { Icon: CircleCheck, color: 'var(--lab-good)', word: 'Green', means: 'ready for phase\u00a04' },
  amber: { Icon: TriangleAlert, color: 'var(--lab-warn)', word: 'Amber', means: 'usable with care' },
  red: { Icon: OctagonX, color: 'var(--lab-bad)', word: 'Red', means: 'not ready for phase\u00a04' },
} as const

/** `Amber: usable with care`. */
export const lightText = (level: Level): string => `${lights[level].word}: ${lights[level].means}`

/** `usable with care`. */
export const verdictMeaning = (level: Level): string => lights[level].means

/** The shape in its colour, silent: its words stand beside it. */
export function LightShape({ level, size = 16 }: { level: Level; size?: number }) {
  const { Icon, color } = lights[level]
  return <Icon size={size} color={color} aria-hidden style={{ flex: 'none', verticalAlign: '-0.15em' }} />
}

/** Shape and word in one line, for tables and cards. */
export function VerdictWord({ level }: { level: Level }) {
  const { color, word, means } = lights[level]
  return (
    <span title={means} style={{ color, fontWeight: 600, whiteSpace: 'nowrap' }}>
      <LightShape level={level} size={14} /> {word}
    </span>
  )
}
