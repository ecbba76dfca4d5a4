// A phase's mark: number and name in its accent, so that colour is never the only sign.
import { type PhaseId, phaseColor, phaseOf } from '../phases.ts'

export function PhaseBadge({ phase, short = false }: { phase: PhaseId; short?: boolean }) {
  const { number, title } = phaseOf(phase)
  return (
    <span
      title={short ? title : undefined}
      style={{
        display: 'inline-flex',
        alignItems: 'center',
        gap: 5,
        color: phaseColor(phase),
        fontSize: 'var(--mantine-font-size-xs)',
        fontWeight: 600,
        whiteSpace: 'nowrap',
      }}
    >
      <span
        style={{
          border: '1.5px solid currentColor',
          borderRadius: 3,
          width: 16,
          height: 16,
          lineHeight: '13px',
          textAlign: 'center',
        }}
      >
        {number}
      </span>
      {short ? <span className="visually-hidden">{title}</span> : title}
    </span>
  )
}
