// Rows of files that were not imported: where they stood, why, and what stood there.
import type { Rejection } from '../../../src-shared/contract/lab-contract.ts'
import { formatCount, NONE } from '../format.ts'
import { PlainText } from './plain-text.tsx'
import { TwoLines } from './two-lines.tsx'
import { type Column, VirtualTable } from './virtual-table.tsx'

const rejectionColumns: readonly Column<Rejection>[] = [
  { key: 'file', header: 'File', width: 'minmax(120px, 1fr)', cell: r => <PlainText text={r.file} /> },
  {
    key: 'line',
    header: 'Line',
    width: '70px',
    align: 'right',
    cell: r => (r.line === null ? NONE : formatCount(r.line)),
  },
  {
    key: 'reason',
    header: 'Reason',
    width: 'minmax(240px, 3fr)',
    cell: r => <TwoLines text={r.reason} />,
  },
  {
    key: 'preview',
    header: 'What stood there',
    width: 'minmax(160px, 2fr)',
    cell: r => <TwoLines text={r.preview.replaceAll('\n', ' ')} />,
  },
]

export function RejectionsTable({
  rows,
  height = 420,
  onNearEnd,
}: {
  rows: readonly Rejection[]
  height?: number
  /** Called when the last rows come into view. */
  onNearEnd?: () => void
}) {
  return (
    <VirtualTable
      label="Rejected rows"
      columns={rejectionColumns}
      rows={rows}
      rowKey={(_, index) => String(index)}
      rowHeight={48}
      height={height}
      onNearEnd={onNearEnd}
    />
  )
}
