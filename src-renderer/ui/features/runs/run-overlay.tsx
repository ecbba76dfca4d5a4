// Several runs on the same axes, and what differs between their configs. The first chosen run is the baseline: dashed,
// and the others' figures stand as differences to it.
import { Switch, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { comparedChartsOf } from '../../charts/charts.ts'
import { runColors } from '../../charts/run-colors.ts'
import { Panel } from '../../components/panel.tsx'
import { PlainText } from '../../components/plain-text.tsx'
import { RunCurves } from '../../components/run-curves.tsx'
import { MetricTerm } from '../../components/term.tsx'
import { type Column, VirtualTable } from '../../components/virtual-table.tsx'
import { formatMetric, NONE } from '../../format.ts'
import { useQuery } from '../../queries.ts'
import { comparable, type DiffRow, diffConfigs } from './config-diff.ts'
import { SettingName } from './run-facts.tsx'

export function RunOverlay({ runs }: { runs: readonly RunSummary[] }) {
  const key = runs.map(run => `${run.id} ${run.name}`).join('\n')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key covers what is read of the runs
  const curves = useMemo(() => {
    const colors = runColors(runs.map(run => run.id))
    return runs.map((run, i) => ({
      id: run.id,
      name: run.name,
      color: colors.get(run.id)!,
      dashed: runs.length > 1 && i === 0,
    }))
  }, [key])
  const charts = comparedChartsOf(runs.map(run => run.phase))
  return (
    <>
      <Panel
        title={runs.length === 1 ? 'Curves' : `Curves of ${runs.length} runs`}
        aside={<Deltas runs={runs} />}
      >
        <RunCurves runs={curves} charts={charts} columns={2} />
      </Panel>
      {runs.length > 1 && <ConfigDiff runs={runs} />}
    </>
  )
}

/** `Bits per byte: a 2.31, b −0.12`: each against the baseline. */
function Deltas({ runs }: { runs: readonly RunSummary[] }) {
  const [baseline, ...others] = runs
  const base = baseline?.latest.bits_per_byte
  if (others.length === 0 || base === undefined) return null
  return (
    <Text fz="xs" c="dimmed" className="tabular">
      <MetricTerm name="bits_per_byte" /> <PlainText text={baseline!.name} />{' '}
      {formatMetric('bits_per_byte', base)}
      {others.map(run => {
        const own = run.latest.bits_per_byte
        const delta =
          own === undefined ? NONE : `${own >= base ? '+' : '−'}${Math.abs(own - base).toFixed(3)}`
        return (
          <span key={run.id}>
            , <PlainText text={run.name} /> {delta}
          </span>
        )
      })}
    </Text>
  )
}

function ConfigDiff({ runs }: { runs: readonly RunSummary[] }) {
  const [onlyDifferences, setOnlyDifferences] = useState(true)
  const tokenizers = useQuery('tokenizers.list', {}).data ?? []
  const rows = diffConfigs(runs.map(run => comparable(run, tokenizers))).filter(
    row => row.differs || !onlyDifferences,
  )
  const columns: Column<DiffRow>[] = [
    {
      key: 'key',
      header: 'Setting',
      width: 'minmax(220px, 1fr)',
      cell: row => <SettingName name={row.key} />,
    },
    ...runs.map(
      (run, i): Column<DiffRow> => ({
        key: run.id,
        header: <PlainText text={run.name} />,
        width: 'minmax(120px, 1fr)',
        cell: row => {
          const value = row.values[i]
          if (value === undefined) return <span title="this run does not have this setting">missing</span>
          return (
            <span style={{ fontWeight: value === row.values[0] ? undefined : 600 }} title={value}>
              <PlainText text={value} />
            </span>
          )
        },
      }),
    ),
  ]
  return (
    <Panel
      title="Configs"
      aside={
        <Switch
          label="Only differences"
          checked={onlyDifferences}
          onChange={event => setOnlyDifferences(event.currentTarget.checked)}
        />
      }
    >
      <VirtualTable
        label="Configs side by side"
        columns={columns}
        rows={rows}
        rowKey={row => row.key}
        rowHeight={26}
        empty={<div style={{ padding: 12 }}>The configs are the same</div>}
      />
    </Panel>
  )
}
