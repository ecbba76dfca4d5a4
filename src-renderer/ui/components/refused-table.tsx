// Rows of sets that a model cannot be trained on, each with the reason; a click opens one.
import { formatCount } from '../format.ts'
import type { PagedRows } from '../paged-rows.ts'
import { PlainText } from './plain-text.tsx'
import { TwoLines } from './two-lines.tsx'
import { type Column, VirtualTable } from './virtual-table.tsx'

interface Refused {
  readonly set: string
  readonly number: number
  readonly reason: string
  readonly excerpt: string
}

export function RefusedTable<Row extends Refused>({
  label,
  numbered,
  own,
  nameOf,
  page,
  height,
  onOpen,
}: {
  label: string
  /** What a number counts: `Row`. */
  numbered: string
  /** Columns before the reason. */
  own: readonly Column<Row>[]
  /** Of a set; null where all rows are of one. */
  nameOf: ((set: string) => string) | null
  page: PagedRows<Row>
  height: number
  onOpen: (row: Row) => void
}) {
  const columns: readonly Column<Row>[] = [
    {
      key: 'number',
      header: numbered,
      width: '70px',
      align: 'right',
      cell: row => formatCount(row.number + 1),
    },
    ...(nameOf
      ? [
          {
            key: 'set',
            header: 'Set',
            width: 'minmax(64px, 0.8fr)',
            cell: (row: Row) => <PlainText text={nameOf(row.set)} />,
          },
        ]
      : []),
    ...own,
    {
      key: 'reason',
      header: 'Reason',
      width: 'minmax(200px, 3fr)',
      cell: row => <TwoLines text={row.reason} />,
    },
    {
      key: 'excerpt',
      header: 'Begins with',
      width: 'minmax(90px, 1fr)',
      cell: row => <PlainText text={row.excerpt.replaceAll('\n', '⏎ ')} />,
    },
  ]
  return (
    <VirtualTable
      label={label}
      columns={columns}
      rows={page.rows}
      rowKey={row => `${row.set} ${row.number}`}
      rowHeight={44}
      height={height}
      onRowClick={onOpen}
      onNearEnd={page.more}
    />
  )
}
