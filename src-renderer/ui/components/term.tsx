// The field's words with their one-line meaning on hover and on keyboard focus.
import { Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import { describeMetric } from '../format.ts'

export interface TermProps {
  meaning: string
  children: ReactNode
  /** Not where the meaning is the description of a control beside it: one stop with Tab per field is enough. */
  focusable?: boolean
}

export function Term({ meaning, children, focusable = true }: TermProps) {
  if (!meaning) return <>{children}</>
  return (
    <Tooltip label={meaning} events={{ hover: true, focus: true, touch: true }}>
      <dfn
        // The meaning must be reachable by keyboard.
        tabIndex={focusable ? 0 : undefined}
        style={{ fontStyle: 'normal', borderBottom: '1px dotted var(--lab-line-strong)', cursor: 'help' }}
      >
        {children}
      </dfn>
    </Tooltip>
  )
}

/**
 * A metric of src-shared/metrics by name, as its label.
 * @param phase where some metrics mean something else than elsewhere
 */
export function MetricTerm({
  name,
  withUnit = false,
  phase,
}: {
  name: string
  withUnit?: boolean
  phase?: string
}) {
  const { label, unit, meaning } = describeMetric(name, phase)
  return (
    <Term meaning={unit ? `${meaning} (${unit})` : meaning}>
      {withUnit && unit ? `${label}, ${unit}` : label}
    </Term>
  )
}
