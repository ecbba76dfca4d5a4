// A table that stays fast at any length: beyond 100 rows only those in view exist in the page.
import { Box, UnstyledButton } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useRef } from 'react'
import classes from './virtual-table.module.css'

export interface Column<Row> {
  readonly key: string
  readonly header: ReactNode
  /** CSS grid track: `1fr`, `90px`, `minmax(120px, 2fr)`. */
  readonly width: string
  readonly align?: 'left' | 'right'
  readonly cell: (row: Row, index: number) => ReactNode
  readonly sortable?: boolean
}
export interface Sort {
  readonly key: string
  readonly descending: boolean
}
export interface VirtualTableProps<Row> {
  /** For screen readers: what the table lists. */
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row, index: number) => string
  /** Pixels; every row has this height. */
  rowHeight?: number
  /** Height of the scrolling part: a number of pixels or any CSS length. */
  height?: number | string
  sort?: Sort
  onSort?: (sort: Sort) => void
  onRowClick?: (row: Row, index: number) => void
  selected?: (row: Row) => boolean
  /** The first and last row in view, of a long table: fetch what is missing there. */
  onRange?: (first: number, last: number) => void
  /** Called when the last rows come into view: fetch the next page. */
  onNearEnd?: () => void
  empty?: ReactNode
}

const VIRTUAL_FROM = 100

/** The pixels that a grid track needs at least: its first length, or room for a word where it has none. */
const leastWidth = (track: string): number => Number(/(\d+)px/.exec(track)?.[1] ?? 80)

export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const {
    label,
    columns,
    rows,
    rowKey,
    rowHeight = 32,
    height = 'auto',
    sort,
    onSort,
    onRowClick,
    selected,
  } = props
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = rows.length > VIRTUAL_FROM
  const virtualizer = useVirtualizer({
    count: rows.length,
    enabled: virtual,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    onChange: instance => {
      const items = instance.getVirtualItems()
      const last = items.at(-1)
      if (last) props.onRange?.(items[0]!.index, last.index)
      if (last && last.index >= rows.length - 20) props.onNearEnd?.()
    },
  })
  const shown = virtual
    ? virtualizer.getVirtualItems().map(item => ({ index: item.index, top: item.start }))
    : rows.map((_, index) => ({ index, top: null }))
  const template = { gridTemplateColumns: columns.map(column => column.width).join(' ') }
  const minWidth = columns.reduce((sum, column) => sum + leastWidth(column.width), 0)
  const maxHeight = virtual && height === 'auto' ? 480 : height

  return (
    <div className={classes.table}>
      {/* biome-ignore lint/a11y/useSemanticElements: rows in view only are positioned, which <table> cannot do */}
      <div
        role="table"
        aria-label={label}
        aria-rowcount={rows.length + 1}
        ref={scroller}
        // What scrolls must scroll by keyboard.
        tabIndex={onRowClick ? undefined : 0}
        className={classes.scroller}
        style={maxHeight === 'auto' ? undefined : { maxHeight }}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: part of the grid table */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: a header row takes no focus */}
        <div role="row" className={classes.header} style={{ ...template, minWidth }}>
          {columns.map(column => (
            <HeaderCell key={column.key} column={column} sort={sort} onSort={onSort} />
          ))}
        </div>
        {rows.length === 0 && props.empty}
        <Box
          style={virtual ? { height: virtualizer.getTotalSize(), position: 'relative', minWidth } : undefined}
        >
          {shown.map(({ index, top }) => {
            const row = rows[index]!
            return (
              // biome-ignore lint/a11y/useSemanticElements: part of the grid table
              <div
                role="row"
                key={rowKey(row, index)}
                aria-rowindex={index + 2}
                tabIndex={onRowClick ? 0 : undefined}
                className={classes.row}
                data-clickable={onRowClick ? true : undefined}
                data-selected={selected?.(row) || undefined}
                style={{
                  ...template,
                  minWidth,
                  height: rowHeight,
                  ...(top === null ? {} : { position: 'absolute', top, left: 0, right: 0 }),
                }}
                onClick={onRowClick && (() => onRowClick(row, index))}
                onKeyDown={
                  onRowClick &&
                  (event => {
                    if (event.target !== event.currentTarget) return
                    if (event.key === 'Enter') onRowClick(row, index)
                    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
                      event.preventDefault()
                      focusRow(scroller.current, index + (event.key === 'ArrowDown' ? 1 : -1))
                    }
                  })
                }
              >
                {columns.map(column => (
                  // biome-ignore lint/a11y/useSemanticElements: part of the grid table
                  <div role="cell" key={column.key} className={classes.cell} data-align={column.align}>
                    {column.cell(row, index)}
                  </div>
                ))}
              </div>
            )
          })}
        </Box>
      </div>
    </div>
  )
}

/** Rows just outside of the view are drawn too, so the next one is always there to take the focus. */
const focusRow = (table: HTMLElement | null, index: number): void =>
  table?.querySelector<HTMLElement>(`[role=row][aria-rowindex="${index + 2}"]`)?.focus()

function HeaderCell<Row>({
  column,
  sort,
  onSort,
}: {
  column: Column<Row>
  sort?: Sort
  onSort?: (sort: Sort) => void
}) {
  const sorted = sort?.key === column.key ? sort : undefined
  const direction = sorted ? (sorted.descending ? 'descending' : 'ascending') : undefined
  return (
    // biome-ignore lint/a11y/useSemanticElements: part of the grid table
    // biome-ignore lint/a11y/useFocusableInteractive: the button inside takes the focus
    <div role="columnheader" className={classes.cell} data-align={column.align} aria-sort={direction}>
      {column.sortable && onSort ? (
        <UnstyledButton
          fz="inherit"
          fw={600}
          onClick={() => onSort({ key: column.key, descending: sorted ? !sorted.descending : false })}
        >
          {column.header} <span aria-hidden>{sorted ? (sorted.descending ? '↓' : '↑') : ''}</span>
        </UnstyledButton>
      ) : (
        column.header
      )}
    </div>
  )
}
