// NOW: where the run stands, how fast, how long still, and its curves under one cursor.
import { Badge, Box, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { type ReactNode, useMemo } from 'react'
import type { RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import type { MetricName } from '../../../../src-shared/metrics/metrics.ts'
import { chartsOfRun, type ReferenceLine } from '../../charts/charts.ts'
import { formatBooks, formatCompact, formatDuration, formatMetric, formatRate, NONE } from '../../format.ts'
import { phaseColor, phaseOf } from '../../phases.ts'
import { useQuery } from '../../queries.ts'
import { useRunSeries } from '../../run-series.ts'
import { inTraining, runState, stepWord, toneColors } from '../../run-status.ts'
import { EmptyState } from '../empty-state.tsx'
import { PlainText } from '../plain-text.tsx'
import { ProgressLine } from '../progress-line.tsx'
import { RunActions } from '../run-actions.tsx'
import { RunCurves } from '../run-curves.tsx'
import { MetricTerm, Term } from '../term.tsx'
import { newestOf } from './newest-values.ts'

/**
 * @param next what to do with the model once there is one
 * @param references by a chart's id: what this run's curves are held against
 * @param remarks what is to be known before the curves are read
 */
export function NowZone({
  run,
  next,
  references,
  remarks,
}: {
  run: RunSummary | undefined
  next?: ReactNode
  references?: References
  remarks?: ReactNode
}) {
  if (!run)
    return (
      <EmptyState title="Nothing has been trained yet">
        Press Start in the recipe. Curves and speed appear here from the first step on.
      </EmptyState>
    )
  return <OneRun key={run.id} run={run} next={next} references={references} remarks={remarks} />
}

type References = Readonly<Record<string, readonly ReferenceLine[]>>

function OneRun({
  run,
  next,
  references,
  remarks,
}: {
  run: RunSummary
  next: ReactNode
  references: References | undefined
  remarks: ReactNode
}) {
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
        unit={`${stepWord(run.phase)}s`}
        color={phaseOf(run.phase).accent}
        etaSeconds={run.status === 'running' ? run.etaSeconds : null}
        note={run.status === 'running' ? formatRate(run.tokensPerSecond) : null}
      />
      <Text fz="sm" role="status" c={state.tone === 'bad' ? 'var(--lab-bad)' : undefined}>
        <PlainText text={state.sentence} />
      </Text>
      <RunActions run={run}>{next}</RunActions>
      {remarks}
      <Facts run={run} />
      <Curves run={run} references={references} />
    </Stack>
  )
}

/** The figures under the progress, first to last; those of the run itself follow. */
const shownMetrics = {
  pretrain: ['loss', 'eval_loss', 'bits_per_byte', 'perplexity', 'learning_rate', 'grad_norm'],
  sft: ['loss', 'eval_loss', 'mean_token_accuracy', 'entropy', 'learning_rate', 'epoch'],
  reward: ['loss', 'eval_loss', 'accuracy', 'eval_accuracy', 'margin', 'epoch'],
  ppo: [
    'objective/scores',
    'objective/kl',
    'eval_win_rate',
    'policy/entropy_avg',
    'response/eos_rate',
    'objective/kl_coef',
  ],
} as const satisfies Record<RunSummary['phase'], readonly MetricName[]>

function Facts({ run }: { run: RunSummary }) {
  const names = shownMetrics[run.phase]
  const [series] = useRunSeries([run.id], names)
  // The run's own figures are pushed now and then; these stand as soon as the curve shows them.
  const latest = { ...run.latest, ...newestOf(series!) }
  const facts = [
    ...names.map(metric => ({
      name: (
        <>
          <MetricTerm name={metric} phase={run.phase} />
          {metric === 'loss' && ' (unsmoothed)'}
        </>
      ),
      value: formatMetric(metric, latest[metric]),
    })),
    {
      name: <MetricTerm name="num_tokens" />,
      value: `${formatCompact(run.tokens)} · ${formatBooks(run.tokens)}`,
    },
    { name: <MetricTerm name="tokens_per_second" />, value: formatRate(run.tokensPerSecond) },
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

function Curves({ run, references }: { run: RunSummary; references: References | undefined }) {
  const { id, name, phase } = run
  const runs = useMemo(() => [{ id, name, color: phaseColor(phase) }], [id, name, phase])
  const events = useQuery('runs.events', { run: id }).data
  return (
    <RunCurves
      runs={runs}
      charts={chartsOfRun(run)}
      events={events ?? none}
      references={references}
      height={130}
    />
  )
}
const none: readonly never[] = []
