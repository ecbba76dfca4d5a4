// Progress as people read it: how far, how fast, how long still. Announced to screen readers at whole tens of percent.
import { Group, Progress, Text } from '@mantine/core'
import { formatCount, formatEta, formatPercent } from '../format.ts'
import { useConnection } from '../lab.ts'

export interface ProgressLineProps {
  label: string
  done: number
  /** null while it is not known how much there is. */
  total: number | null
  unit?: string
  etaSeconds?: number | null
  /** Right of the count: `41K tok/s`. */
  note?: string | null
  color?: string
  /** In the place of the count. */
  count?: string
  /** Counts in another form: bytes, minutes. */
  format?: (n: number) => string
}

export function ProgressLine({
  label,
  done,
  total,
  unit = '',
  etaSeconds = null,
  note,
  count,
  color = 'indigo',
  format = formatCount,
}: ProgressLineProps) {
  const share = total === null || total <= 0 ? null : Math.min(1, done / total)
  const connected = useConnection(connection => connection.state === 'open')
  // What was true when the connection broke is no estimate any more.
  const eta = connected ? formatEta(etaSeconds) : ''
  return (
    <div>
      <Group justify="space-between" gap="xs" wrap="nowrap" fz="sm">
        <Text inherit truncate>
          {label}
        </Text>
        <Text inherit className="tabular" style={{ whiteSpace: 'nowrap' }}>
          {share === null ? '' : formatPercent(share)}
        </Text>
      </Group>
      <Progress.Root size={4} my={4}>
        <Progress.Section
          value={share === null ? 100 : share * 100}
          color={color}
          striped={share === null}
          animated={share === null}
          withAria
          aria-label={label}
          aria-valuetext={share === null ? 'working' : formatPercent(share)}
        />
      </Progress.Root>
      <Group justify="space-between" gap="xs" fz="xs" c="dimmed" className="tabular">
        <span>
          {count ?? `${format(done)}${total === null ? '' : ` of ${format(total)}`} ${unit}`}
          {note ? ` · ${note}` : ''}
        </span>
        <span>{eta}</span>
      </Group>
      <span className="visually-hidden" role="status">
        {share === null ? '' : `${label}: ${Math.floor(share * 10) * 10}%`}
      </span>
    </div>
  )
}
