// A measurement: what was found, as a table and as a roofline, and what changed since the one before.
import { Anchor, List, Text } from '@mantine/core'
import { useState } from 'react'
import { compareBenches } from '../../../../src-shared/bench/compare.ts'
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
}: {
  report: BenchReport
  previous: BenchReport | undefined
}) {
  const comparison = previous && compareBenches(previous, report)
  return (
    <>
      <Text fz="sm" c="dimmed" mb="xs">
        Measured {formatMoment(report.measuredAt)} on {visible(report.machine.cpu)},{' '}
        {formatCounted(report.machine.cores, 'core')}, in {visible(report.device.runtime)}.{' '}
        {ceilingSentence(report)}
      </Text>
      <div className={classes.speed}>
        <SpeedTable report={report} compared={comparison?.rows} />
        <RooflineChart report={report} />
      </div>
      {previous && comparison && (
        <Text fz="xs" c="dimmed" mt={6} component="div">
          Compared with the measurement of {formatMoment(previous.measuredAt)}.
          {comparison.differences.map(difference => (
            <div key={difference}>
              <PlainText text={difference} />
            </div>
          ))}
        </Text>
      )}
      <Explanation skipped={report.skipped} />
    </>
  )
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

function Explanation({ skipped }: { skipped: readonly BenchSkipped[] }) {
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
            {WORK_NOTE} Caches spare bytes that are counted here, so a point can stand above the slanted roof.
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
