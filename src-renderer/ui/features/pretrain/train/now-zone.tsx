// NOW: where the run stands, how fast, how long still, and its curves under one cursor.
import { Badge, Box, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { useMemo } from 'react'
import type { RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { runCharts } from '../../../charts/charts.ts'
import { EmptyState } from '../../../components/empty-state.tsx'
import { PlainText } from '../../../components/plain-text.tsx'
import { ProgressLine } from '../../../components/progress-line.tsx'
import { RunActions } from '../../../components/run-actions.tsx'
import { RunCurves } from '../../../components/run-curves.tsx'
import { MetricTerm, Term } from '../../../components/term.tsx'
import {
  formatBooks,
  formatCompact,
  formatDuration,
  formatMetric,
  formatRate,
  NONE,
} from '../../../format.ts'
import { phaseColor } from '../../../phases.ts'
import { useQuery } from '../../../queries.ts'
import { useRunSeries } from '../../../run-series.ts'
import { inTraining, runState, toneColors } from '../../../run-status.ts'
import { newestOf } from './newest-values.ts'

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
  const runs = useQuery('runs.list', {}).data ?? none
  const state = runState(run, inTraining(runs))
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text fw={600} truncate>
          <PlainText text={run.name} />
        </Text>
        <Badge variant="light" color={toneColors[state.tone]} tt="none" style={{ flex: 'none' }}>
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
      <Curves run={run} />
    </Stack>
  )
}

const evaluated = ['loss', 'eval_loss', 'bits_per_byte', 'perplexity'] as const

function Facts({ run }: { run: RunSummary }) {
  const [series] = useRunSeries([run.id], evaluated)
  // The run's own figures are pushed now and then; these stand as soon as the curve shows them.
  const latest = { ...run.latest, ...newestOf(series!) }
  const facts = [
    {
      name: (
        <>
          <MetricTerm name="loss" /> (unsmoothed)
        </>
      ),
      value: formatMetric('loss', latest.loss),
    },
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

function Curves({ run }: { run: RunSummary }) {
  const { id, name } = run
  const runs = useMemo(() => [{ id, name, color: phaseColor('pretrain') }], [id, name])
  const events = useQuery('runs.events', { run: id }).data
  return <RunCurves runs={runs} charts={runCharts} events={events ?? none} height={130} />
}
const none: readonly never[] = []
