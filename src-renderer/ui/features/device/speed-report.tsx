// A measurement: what was found, as a table and as a roofline, and what changed since the one before.
import { Anchor, List, Text } from '@mantine/core'
import { useState } from 'react'
import { compareBenches, ROUGH_NOTE } from '../../../../src-shared/bench/compare.ts'
import { MISSING_NOTE, peersSentence } from '../../../../src-shared/bench/peers.ts'
import { type BenchReport, type BenchSkipped, modeNames } from '../../../../src-shared/bench/report.ts'
import { WORK_NOTE } from '../../../../src-shared/bench/work.ts'
import { RooflineChart } from '../../charts/roofline-chart.tsx'
import { PlainText, visible } from '../../components/plain-text.tsx'
import { formatCounted, formatMoment, formatNumber } from '../../format.ts'
import classes from './device.module.css'
import { contenderName, SpeedTable } from './speed-table.tsx'

export function SpeedReport({
  report,
  previous,
  threads,
}: {
  report: BenchReport
  previous: BenchReport | undefined
  /** Of the device now. */
  threads: number | undefined
}) {
  const comparison = previous && compareBenches(previous, report)
  return (
    <>
      <Text fz="sm" c="dimmed" mb="xs">
        Measured {formatMoment(report.measuredAt)} on {visible(report.machine.cpu)},{' '}
        {formatCounted(report.machine.cores, 'core')}, in {visible(report.device.runtime)}.{' '}
        {ceilingSentence(report)}
      </Text>
      {remarks(report, threads).map(remark => (
        <Text key={remark} fz="sm" mb="xs">
          <PlainText text={remark} />
        </Text>
      ))}
      <div className={classes.speed}>
        <SpeedTable report={report} compared={comparison?.rows} />
        <RooflineChart report={report} />
      </div>
      {previous && comparison && (
        <Text fz="xs" c="dimmed" mt={6} component="div">
          Compared with the measurement of {formatMoment(previous.measuredAt)}.
          {comparison.rows.some(({ ratio, rough }) => rough && ratio !== null) && ` ${ROUGH_NOTE}`}
          {comparison.differences.map(difference => (
            <div key={difference}>
              <PlainText text={difference} />
            </div>
          ))}
        </Text>
      )}
      <Explanation report={report} />
    </>
  )
}

/** What to know before the figures are read. */
function remarks({ notes, device }: BenchReport, threads: number | undefined): string[] {
  if (threads === undefined || threads === device.threads) return notes
  return [
    ...notes,
    `Measured with ${formatCounted(device.threads, 'thread')} at the most; now ${threads === 1 ? 'one is' : `${threads} are`} chosen.`,
  ]
}

function ceilingSentence({ ceiling }: BenchReport): string {
  if (!ceiling) return ''
  const giga = (value: number) => formatNumber(value / 1e9, 3)
  const { threads, flopsPerSecond, copyBytesPerSecond } = ceiling
  const one = `${giga(ceiling.flopsPerSecondOneThread)} GFLOP/s and ${giga(ceiling.copyBytesPerSecondOneThread)} GB/s`
  const all = `${giga(flopsPerSecond)} GFLOP/s and ${giga(copyBytesPerSecond)} GB/s`
  return threads === 1
    ? `Its ceiling with one thread: ${one}.`
    : `Its ceiling: ${all} with ${threads} threads, ${one} with one.`
}

function Explanation({ report }: { report: BenchReport }) {
  const skipped: readonly BenchSkipped[] = report.skipped
  const [open, setOpen] = useState(false)
  return (
    <div className={classes.explanation}>
      <Anchor
        component="button"
        type="button"
        fz="xs"
        c="dimmed"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {open ? 'Hide what is counted' : 'What is counted'}
        {skipped.length > 0 && ', and what was left out'}
      </Anchor>
      {open && (
        <>
          <Text fz="xs" c="dimmed" mt={4}>
            {peersSentence(report)} {MISSING_NOTE} {WORK_NOTE} Caches spare bytes that are counted here, so a
            point can stand above the slanted roof.
          </Text>
          {skipped.length > 0 && (
            <List fz="xs" c="dimmed" mt={4}>
              {skipped.map(one => (
                <List.Item key={`${one.size} ${one.mode} ${contenderName(one)}`}>
                  {visible(one.size)}, {modeNames[one.mode]}, {contenderName(one)}: {visible(one.reason)}
                </List.Item>
              ))}
            </List>
          )}
        </>
      )}
    </div>
  )
}
