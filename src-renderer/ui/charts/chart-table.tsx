// The same values as a chart, as a table: for screen readers, for reading exact numbers, for copying.
import { PlainText } from '../components/plain-text.tsx'
import { type Column, VirtualTable } from '../components/virtual-table.tsx'
import { nearestIndex } from './axis.ts'
import { type DrawnLine, formatX, type XAxisKind, xLabels } from './chart-line.ts'

interface Row {
  readonly x: number
  readonly values: readonly (number | null)[]
}

/** One row for every x at which any line has a value. */
export function tableRows(drawn: readonly DrawnLine[]): Row[] {
  const all = [...new Set(drawn.flatMap(({ x }) => [...x]))].sort((a, b) => a - b)
  return all.map(x => ({
    x,
    values: drawn.map(line => {
      const i = nearestIndex(line.x, x)
      return i >= 0 && line.x[i] === x ? line.y[i]! : null
    }),
  }))
}

export function ChartTable({
  name,
  drawn,
  x,
  format,
  height,
}: {
  name: string
  drawn: readonly DrawnLine[]
  x: XAxisKind
  format: (value: number) => string
  height: number
}) {
  const columns: Column<Row>[] = [
    { key: 'x', header: xLabels[x], width: '90px', align: 'right', cell: row => formatX(x, row.x) },
    ...drawn.map(
      ({ line }, i): Column<Row> => ({
        key: line.id,
        header: <PlainText text={line.label} />,
        width: 'minmax(90px, 1fr)',
        align: 'right',
        cell: row => {
          const value = row.values[i]
          return value === null || value === undefined ? '' : format(value)
        },
      }),
    ),
  ]
  return (
    <VirtualTable
      label={name}
      columns={columns}
      rows={tableRows(drawn)}
      rowKey={row => String(row.x)}
      rowHeight={24}
      height={height - 2}
    />
  )
}
