// NOW: where the run stands, how fast, how long still, and its curves under one cursor.
import { Badge, Box, Group, SegmentedControl, SimpleGrid, Stack, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { RunSummary, Series } from '../../../../../src-shared/contract/lab-contract.ts'
import { useApp, useSettings } from '../../../app-state.ts'
import { stepsIn, type XAxisKind } from '../../../charts/chart-line.ts'
import { type RunChart, runCharts } from '../../../charts/charts.ts'
import { LineChart } from '../../../charts/line-chart.tsx'
import { EmptyState } from '../../../components/empty-state.tsx'
import { PlainText } from '../../../components/plain-text.tsx'
import { ProgressLine } from '../../../components/progress-line.tsx'
import { MetricTerm, Term } from '../../../components/term.tsx'
import {
  describeMetric,
  formatBooks,
  formatCompact,
  formatCount,
  formatDuration,
  formatMetric,
  formatRate,
  NONE,
} from '../../../format.ts'
import { phaseColor } from '../../../phases.ts'
import { useQuery } from '../../../queries.ts'
import { type StepRange, useRunSeries } from '../../../run-series.ts'
import { RunActions } from './run-actions.tsx'
import { type RunState, runState } from './run-status.ts'

export const stateColors: Record<RunState['tone'], string> = {
  calm: 'gray',
  active: 'indigo',
  good: 'teal',
  warning: 'amber',
  bad: 'red',
}

export function NowZone({ run }: { run: RunSummary | undefined }) {
  if (!run)
    return (
      <EmptyState title="Nothing has been trained yet">
        Press Start in the recipe. Loss, validation loss and speed appear here from the first step on.
      </EmptyState>
    )
  return <OneRun key={run.id} run={run} />
}

function OneRun({ run }: { run: RunSummary }) {
  const state = runState(run)
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text fw={600} truncate>
          <PlainText text={run.name} />
        </Text>
        <Badge variant="light" color={stateColors[state.tone]} tt="none" style={{ flex: 'none' }}>
          {state.word}
        </Badge>
      </Group>
      <ProgressLine
        label="Progress"
        done={run.step}
        total={run.steps}
        unit="steps"
        etaSeconds={run.status === 'running' ? run.etaSeconds : null}
        note={run.status === 'running' ? formatRate(run.tokensPerSecond) : null}
      />
      <Text fz="sm" role="status" c={state.tone === 'bad' ? 'var(--lab-bad)' : undefined}>
        <PlainText text={state.sentence} />
      </Text>
      <RunActions run={run} />
      <Facts run={run} />
      <RunCurves run={run} />
    </Stack>
  )
}

function Facts({ run }: { run: RunSummary }) {
  const { latest } = run
  const facts = [
    { name: <MetricTerm name="loss" />, value: formatMetric('loss', latest.loss) },
    { name: <MetricTerm name="eval_loss" />, value: formatMetric('eval_loss', latest.eval_loss) },
    { name: <MetricTerm name="bits_per_byte" />, value: formatMetric('bits_per_byte', latest.bits_per_byte) },
    { name: <MetricTerm name="perplexity" />, value: formatMetric('perplexity', latest.perplexity) },
    {
      name: <MetricTerm name="num_tokens" />,
      value: `${formatCompact(run.tokens)} · ${formatBooks(run.tokens)}`,
    },
    { name: <MetricTerm name="tokens_per_second" />, value: formatRate(run.tokensPerSecond) },
    { name: <MetricTerm name="learning_rate" />, value: formatMetric('learning_rate', latest.learning_rate) },
    { name: <MetricTerm name="grad_norm" />, value: formatMetric('grad_norm', latest.grad_norm) },
    {
      name: <Term meaning="Time spent training, pauses left out.">Trained for</Term>,
      value: run.seconds > 0 ? formatDuration(run.seconds) : NONE,
    },
  ]
  return (
    <SimpleGrid cols={3} spacing="xs" verticalSpacing={4} fz="xs" className="tabular">
      {facts.map(({ name, value }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a fixed list
        <Box key={index} miw={0}>
          <Text inherit c="dimmed" truncate>
            {name}
          </Text>
          <Text fz="sm" truncate>
            {value}
          </Text>
        </Box>
      ))}
    </SimpleGrid>
  )
}

const names = [...new Set(runCharts.flatMap(chart => chart.lines.map(line => line.metric)))]
const axes = [
  { value: 'step', label: 'Steps' },
  { value: 'tokens', label: 'Tokens' },
  { value: 'time', label: 'Time' },
]

function RunCurves({ run }: { run: RunSummary }) {
  const smoothing = useSettings()['ui.smoothing']
  const [x, setX] = useState<XAxisKind>('step')
  const [range, setRange] = useState<StepRange>(null)
  const runs = useMemo(() => [run.id], [run.id])
  const ranges = useMemo(() => ({ [run.id]: range }), [run.id, range])
  const series = useRunSeries(runs, names, ranges)[0]
  const events = useQuery('runs.events', { run: run.id }).data ?? []
  const showRun = useApp(s => s.showRun)
  const zoom = (to: readonly [number, number] | null) => {
    const measured = series?.loss
    setRange(to && measured ? stepsIn(measured, x, to) : null)
  }
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <SegmentedControl
          aria-label="Horizontal axis"
          size="xs"
          data={axes}
          value={x}
          onChange={value => {
            setX(value as XAxisKind)
            setRange(null)
          }}
        />
        <Text
          component="button"
          type="button"
          fz="xs"
          c="dimmed"
          td="underline"
          style={{ background: 'none', border: 0, padding: 0, cursor: 'pointer' }}
          onClick={() => showRun(run.id)}
        >
          Overlay with other runs
        </Text>
      </Group>
      {series &&
        runCharts.map((chart, index) => (
          <Curve
            key={chart.id}
            chart={chart}
            series={series}
            x={x}
            smoothing={chart.smooth ? smoothing : 0}
            events={events}
            tall={index === 0}
            zoomed={range !== null}
            onZoom={zoom}
          />
        ))}
    </Stack>
  )
}

function Curve({
  chart,
  series,
  x,
  smoothing,
  events,
  tall,
  zoomed,
  onZoom,
}: {
  chart: RunChart
  series: Readonly<Record<string, Series>>
  x: XAxisKind
  smoothing: number
  events: React.ComponentProps<typeof LineChart>['events']
  tall: boolean
  zoomed: boolean
  onZoom: (range: readonly [number, number] | null) => void
}) {
  const lines = useMemo(
    () =>
      chart.lines.flatMap(({ metric, dots, dashed }) => {
        const known = series[metric]
        return known
          ? [
              {
                id: metric,
                label: describeMetric(metric).label,
                color: phaseColor('pretrain'),
                series: known,
                ...(dots ? { dots } : {}),
                ...(dashed ? { dashed } : {}),
              },
            ]
          : []
      }),
    [chart, series],
  )
  const first = chart.lines[0]!.metric
  return (
    <LineChart
      title={<MetricTerm name={first} />}
      name={chart.title}
      lines={lines}
      x={x}
      logY={chart.logY ?? false}
      smoothing={smoothing}
      events={events ?? []}
      group="pretrain"
      height={tall ? 190 : 110}
      format={value => formatMetric(first, value)}
      zoomed={zoomed}
      onZoom={onZoom}
    />
  )
}

/** What a run's best figure is: bits per byte where measured, since they compare across tokenizers, else its loss. */
export function bestFigure(run: RunSummary): string {
  if (run.bestEvalLoss === null) return NONE
  const { bits_per_byte: bits, eval_loss: loss } = run.latest
  // Bits per byte are the validation loss times a constant of the tokenizer and the text.
  if (bits !== undefined && loss) return `${((bits * run.bestEvalLoss) / loss).toFixed(3)} bits/byte`
  return `${run.bestEvalLoss.toFixed(3)} nats`
}

export const sizeWords = (run: RunSummary): string =>
  `${formatCompact(run.parameters)} · ${run.model.nLayer} × ${run.model.nEmbd}, context ${formatCount(run.model.contextLength)}`
