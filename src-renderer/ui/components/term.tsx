// The field's words with their one-line meaning on hover and on keyboard focus.
import { Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import { describeMetric } from '../format.ts'

export function Term({ meaning, children }: { meaning: string; children: ReactNode }) {
  if (!meaning) return <>{children}</>
  return (
    <Tooltip label={meaning} events={{ hover: true, focus: true, touch: true }}>
      <dfn
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the meaning must be reachable by keyboard
        tabIndex={0}
        style={{ fontStyle: 'normal', borderBottom: '1px dotted var(--lab-line-strong)', cursor: 'help' }}
      >
        {children}
      </dfn>
    </Tooltip>
  )
}

/** A metric of src-shared/metrics by name, as its label. */
export function MetricTerm({ name, withUnit = false }: { name: string; withUnit?: boolean }) {
  const { label, unit, meaning } = describeMetric(name)
  return (
    <Term meaning={unit ? `${meaning} (${unit})` : meaning}>
      {withUnit && unit ? `${label}, ${unit}` : label}
    </Term>
  )
}
