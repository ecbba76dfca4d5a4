// One run in full: where it stands, its curves, its samples over time, events, checkpoints, config and lineage.
import { ActionIcon, Anchor, Group, Tabs, TagsInput, Text, Textarea, TextInput } from '@mantine/core'
import { ArrowLeft } from 'lucide-react'
import { Fragment, useEffect, useMemo, useState } from 'react'
import type { CheckpointSummary, RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { useApp } from '../../app-state.ts'
import { chartsOfRun } from '../../charts/charts.ts'
import { ActionButton } from '../../components/action-button.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { type Fact, Facts, Panel, Screen } from '../../components/panel.tsx'
import { PhaseBadge } from '../../components/phase-badge.tsx'
import { visible } from '../../components/plain-text.tsx'
import { ProgressLine } from '../../components/progress-line.tsx'
import { RunActions } from '../../components/run-actions.tsx'
import { RunCurves } from '../../components/run-curves.tsx'
import {
  describeMetric,
  formatBooks,
  formatCount,
  formatDuration,
  formatMetric,
  formatMoment,
  formatRate,
} from '../../format.ts'
import { call } from '../../lab.ts'
import { phaseColor, phaseOf } from '../../phases.ts'
import { useAction, useQuery } from '../../queries.ts'
import { isActive, runState, stepWord } from '../../run-status.ts'
import { removeRuns } from './run-actions.ts'
import { RunCheckpoints } from './run-checkpoints.tsx'
import classes from './run-detail.module.css'
import { RunConfig, RunEvents, RunSamples } from './run-facts.tsx'
import { lineage } from './run-list.ts'

export function RunDetail({ run, onBack }: { run: RunSummary; onBack: () => void }) {
  const events = useQuery('runs.events', { run: run.id }).data ?? []
  const curves = useMemo(
    () => [{ id: run.id, name: run.name, color: phaseColor(run.phase) }],
    [run.id, run.name, run.phase],
  )
  /** A reward model scores; it does not write. */
  const writes = run.phase !== 'reward'
  // Checkpoints come at fixed steps and would cover the axis; what happened to the run is what one looks for.
  const marked = useMemo(() => events.filter(event => event.kind !== 'checkpoint'), [events])
  return (
    <Screen
      title={
        <>
          <ActionIcon aria-label="Back to all runs" onClick={onBack} mr={6}>
            <ArrowLeft size={16} />
          </ActionIcon>
          {visible(run.name)}
        </>
      }
      aside={
        <>
          <PhaseBadge phase={run.phase} />
          <RunButtons run={run} onRemoved={onBack} />
        </>
      }
    >
      <Lineage run={run} />
      <div className={classes.columns}>
        <Panel title="Now">
          <RunNow run={run} />
        </Panel>
        <Panel title="Curves">
          <RunCurves runs={curves} charts={chartsOfRun(run)} events={marked} columns={2} height={130} />
        </Panel>
      </div>
      <Panel title={<span className="visually-hidden">Records</span>}>
        <Tabs
          defaultValue={writes ? 'samples' : 'checkpoints'}
          keepMounted={false}
          color={phaseOf(run.phase).accent}
        >
          <Tabs.List>
            {writes && <Tabs.Tab value="samples">Samples</Tabs.Tab>}
            <Tabs.Tab value="checkpoints">Checkpoints</Tabs.Tab>
            <Tabs.Tab value="events">Events</Tabs.Tab>
            <Tabs.Tab value="config">Config</Tabs.Tab>
            <Tabs.Tab value="notes">Name, tags, notes</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="samples" pt="sm">
            <RunSamples run={run.id} />
          </Tabs.Panel>
          <Tabs.Panel value="checkpoints" pt="sm">
            <RunCheckpoints run={run.id} />
          </Tabs.Panel>
          <Tabs.Panel value="events" pt="sm">
            <RunEvents events={events} />
          </Tabs.Panel>
          <Tabs.Panel value="config" pt="sm">
            <RunConfig run={run} />
          </Tabs.Panel>
          <Tabs.Panel value="notes" pt="sm">
            <Annotations key={run.id} run={run} />
          </Tabs.Panel>
        </Tabs>
      </Panel>
    </Screen>
  )
}

function RunButtons({ run, onRemoved }: { run: RunSummary; onRemoved: () => void }) {
  const checkpoints = useQuery('checkpoints.list', { run: run.id }).data ?? []
  const usable = checkpoints.filter(checkpoint => checkpoint.status === 'verified')
  const newest = usable.reduce<CheckpointSummary | null>((a, c) => (a && a.step >= c.step ? a : c), null)
  const { askCompletion, askChat, showReward } = useApp()
  return (
    <Group gap="xs" ml="auto" align="flex-start">
      <RunActions run={run}>
        {newest && run.phase === 'pretrain' && (
          <ActionButton variant="default" onClick={() => askCompletion(newest.id)}>
            Let it complete a text
          </ActionButton>
        )}
        {newest && run.phase === 'sft' && (
          <ActionButton variant="default" onClick={() => askChat(run.id)}>
            Chat with it
          </ActionButton>
        )}
        {newest && run.phase === 'reward' && (
          <ActionButton variant="default" onClick={() => showReward('report', run.id)}>
            Read what it can judge
          </ActionButton>
        )}
      </RunActions>
      <ActionButton
        variant="default"
        disabledReason={isActive(run) ? 'Pause or stop it first' : null}
        onClick={() => void removeRuns([run]).then(removed => removed.length > 0 && onRemoved())}
      >
        Remove
      </ActionButton>
    </Group>
  )
}

function Lineage({ run }: { run: RunSummary }) {
  const tokenizers = useQuery('tokenizers.list', {}).data ?? []
  const checkpoints = useQuery('checkpoints.list', {}).data ?? []
  const tokenizer = tokenizers.find(each => each.id === run.tokenizer)?.name
  const runs = useQuery('runs.list', {}).data ?? []
  const showRun = useApp(state => state.showRun)
  const parts = lineage(run, tokenizer, checkpoints, runs)
  return (
    <Text fz="sm" c="dimmed" component="p" m={0}>
      <span className="visually-hidden">Made from: </span>
      {parts.map((part, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name than their place
        <Fragment key={i}>
          {i > 0 && '  →  '}
          {part.run === null ? (
            visible(part.text)
          ) : (
            <Anchor component="button" type="button" fz="sm" onClick={() => showRun(part.run)}>
              {visible(part.text)}
            </Anchor>
          )}
        </Fragment>
      ))}
    </Text>
  )
}

function RunNow({ run }: { run: RunSummary }) {
  const state = runState(run)
  return (
    <>
      <ProgressLine
        label={state.word}
        done={run.step}
        total={run.steps}
        unit={`${stepWord(run.phase)}s`}
        color={phaseOf(run.phase).accent}
        etaSeconds={run.status === 'running' ? run.etaSeconds : null}
        note={run.status === 'running' ? formatRate(run.tokensPerSecond) : null}
      />
      <Text fz="sm" mt={4} mb={6} c={state.tone === 'bad' ? 'var(--lab-bad)' : undefined}>
        {visible(state.sentence)}
      </Text>
      <Facts
        facts={[
          { name: 'Loss', value: formatMetric('loss', run.latest.loss) },
          {
            name: 'Validation loss',
            value: `${formatMetric('eval_loss', run.latest.eval_loss)} (best ${formatMetric('eval_loss', run.bestEvalLoss ?? undefined)})`,
          },
          ...qualityOf(run),
          { name: 'Tokens read', value: `${formatCount(run.tokens)}, ${formatBooks(run.tokens)}` },
          { name: 'Parameters', value: formatCount(run.parameters) },
          { name: 'Time', value: formatDuration(run.seconds) },
          { name: 'Started', value: formatMoment(run.createdAt) },
        ]}
      />
      <Text fz="xs" c="dimmed" mt={6}>
        {run.fingerprint ? <Fingerprint text={run.fingerprint} /> : 'Not started on any device yet'}
      </Text>
    </>
  )
}

/** What tells how good a model of this phase is, beside its loss. */
function qualityOf({ phase, latest, data }: RunSummary): Fact[] {
  if (phase === 'pretrain')
    return [
      { name: 'Bits per byte', value: formatMetric('bits_per_byte', latest.bits_per_byte) },
      { name: 'Perplexity', value: formatMetric('perplexity', latest.perplexity) },
    ]
  if (phase === 'reward') return judgingOf(latest, data.preferences)
  const examples = data.demonstrations
  return [
    {
      name: 'Validation accuracy',
      value: formatMetric('eval_mean_token_accuracy', latest.eval_mean_token_accuracy),
    },
    ...(examples
      ? [
          {
            name: 'Examples',
            value: `${formatCount(examples.train)} trained on, ${formatCount(examples.validation)} for validation${
              examples.refused > 0 ? `, ${formatCount(examples.refused)} refused` : ''
            }`,
          },
        ]
      : []),
  ]
}

function judgingOf(latest: RunSummary['latest'], data: RunSummary['data']['preferences']): Fact[] {
  const figures = (['eval_accuracy', 'eval_margin'] as const).map(metric => ({
    name: describeMetric(metric).label,
    value: formatMetric(metric, latest[metric]),
  }))
  if (!data) return figures
  const { prompts, pairs, refused } = data
  const left = refused > 0 ? `, ${formatCount(refused)} refused` : ''
  return [
    ...figures,
    {
      name: 'Prompts',
      value: `${formatCount(prompts.train)} trained on, ${formatCount(prompts.validation)} for validation${left}`,
    },
    {
      name: 'Pairs',
      value: `${formatCount(pairs.train)} trained on, ${formatCount(pairs.validation)} for validation`,
    },
  ]
}

/** Broken, where it must be, between its parts only. */
function Fingerprint({ text }: { text: string }) {
  return (
    <span className="mono">
      {text.split(' | ').map((part, i) => (
        <Fragment key={part}>
          {i > 0 && ' | '}
          <span style={{ whiteSpace: 'nowrap' }}>{visible(part)}</span>
        </Fragment>
      ))}
    </span>
  )
}

/** Saved when a field is left, so that typing is never interrupted. */
function Annotations({ run }: { run: RunSummary }) {
  const [name, setName] = useState(run.name)
  const [notes, setNotes] = useState(run.notes)
  useEffect(() => setName(run.name), [run.name])
  const save = useAction((change: { name?: string; tags?: string[]; notes?: string }) =>
    call('runs.annotate', { run: run.id, ...change }),
  )
  return (
    <div className={classes.annotations}>
      <TextInput
        label="Name"
        value={name}
        onChange={event => setName(event.currentTarget.value)}
        onBlur={() => name !== run.name && void save.run({ name })}
      />
      <TagsInput label="Tags" value={run.tags} maxTags={20} onChange={tags => void save.run({ tags })} />
      <Textarea
        label="Notes"
        autosize
        minRows={3}
        value={notes}
        onChange={event => setNotes(event.currentTarget.value)}
        onBlur={() => notes !== run.notes && void save.run({ notes })}
      />
      <ErrorNote error={save.error} onClose={save.clear} />
    </div>
  )
}
