// A chart that is measured once, not over time: its name with its meaning, what it says in a sentence, the same values as
// a table on request.
import { ActionIcon, Tooltip } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { ChartNoAxesColumn, Table2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Term } from '../components/term.tsx'
import { type Column, VirtualTable } from '../components/virtual-table.tsx'
import classes from './charts.module.css'

export interface FigureProps<Row> {
  name: string
  /** On hover of the name: how to read it. */
  meaning: string
  /** What these values say, in one sentence: it stands below, and is what screen readers hear. */
  sentence: string
  /** Beside the name: what each look stands for. */
  legend?: ReactNode
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  height?: number
  /** Set on a surface whose size is known beforehand; else the figure fills its place. */
  width?: number
  children: (width: number, height: number) => ReactNode
}

export function Figure<Row>({
  name,
  meaning,
  sentence,
  legend,
  columns,
  rows,
  height = 190,
  width: given,
  children,
}: FigureProps<Row>) {
  const [asTable, setAsTable] = useState(false)
  const { ref, width: measured } = useElementSize()
  const width = given ?? Math.round(measured)
  return (
    <figure className={classes.chart} aria-label={`${name}. ${sentence}`}>
      <figcaption className={classes.caption}>
        <span className={classes.title}>
          <Term meaning={meaning}>{name}</Term>
        </span>
        {legend && <span className={classes.legend}>{legend}</span>}
        <span className={classes.tools}>
          <Tooltip label={asTable ? 'As a chart' : 'As a table'}>
            <ActionIcon
              size="xs"
              aria-label={`${name} ${asTable ? 'as a chart' : 'as a table'}`}
              onClick={() => setAsTable(!asTable)}
            >
              {asTable ? <ChartNoAxesColumn size={13} /> : <Table2 size={13} />}
            </ActionIcon>
          </Tooltip>
        </span>
      </figcaption>
      <div ref={ref} className={classes.body} style={{ height }}>
        {rows.length === 0 ? (
          <div className={classes.nothing}>Nothing to measure</div>
        ) : asTable ? (
          <VirtualTable
            label={name}
            columns={columns}
            rows={rows}
            rowKey={(_, index) => String(index)}
            rowHeight={24}
            height={height - 2}
          />
        ) : (
          width > 0 && children(width, height)
        )}
      </div>
      <p className={classes.sentence}>{sentence}</p>
    </figure>
  )
}
