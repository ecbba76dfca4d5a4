// ALARM: whether what the reward likes is what people like. Short blind comparisons during the run, and the starter world's
// oracle where there is one, plotted against the reward and against √KL.
import { Button, Group, Stack, Switch, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import type { PpoEvaluation } from '../../../../../src-shared/contract/ppo-contract.ts'
import { badStyleNames } from '../../../../../src-shared/starter-world/style.ts'
import { setSetting, useApp, useSettings } from '../../../app-state.ts'
import { rateText, WinRatePoints } from '../../../charts/win-rate-points.tsx'
import { ActionButton } from '../../../components/action-button.tsx'
import { EmptyState } from '../../../components/empty-state.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { Panel } from '../../../components/panel.tsx'
import { Term } from '../../../components/term.tsx'
import { toastError } from '../../../components/toast.tsx'
import { type Column, VirtualTable } from '../../../components/virtual-table.tsx'
import { formatCount, formatNumber, formatPercent, NONE } from '../../../format.ts'
import { useQuery } from '../../../queries.ts'
import { OneFinding, useFindings } from '../train/doctor-panel.tsx'
import classes from './alarm.module.css'
import { AnswersPanel } from './answers-panel.tsx'
import { openBreak } from './break-store.ts'
import { bestLiked, breakProblem, breakWords, inFirstBreak, votesOf, withoutStanding } from './standing.ts'

export function AlarmView({ run }: { run: RunSummary | undefined }) {
  const showPpo = useApp(state => state.showPpo)
  const evaluations = useQuery('ppo.evaluations', run ? { run: run.id } : null)
  if (!run)
    return (
      <EmptyState title="No run yet" action={{ label: 'Start one', run: () => showPpo('train') }}>
        A reward model is right only near what it was trained on. During a run you compare a few answers
        blind: when you stop preferring them while the reward still rises, it is being gamed.
      </EmptyState>
    )
  return (
    <Stack p="md" gap="md">
      <ErrorNote error={evaluations.error} retry={{ label: 'Try again', run: evaluations.refetch }} />
      {evaluations.data?.length === 0 && (
        <EmptyState title="Not evaluated yet">
          The fine-tuned model answers the held-out prompts first, then the policy every{' '}
          {formatCount(Number(run.config.evalInterval))} updates.
        </EmptyState>
      )}
      {evaluations.data && evaluations.data.length > 0 && (
        <Evaluations key={run.id} run={run} evaluations={evaluations.data} />
      )}
    </Stack>
  )
}

function Evaluations({ run, evaluations }: { run: RunSummary; evaluations: readonly PpoEvaluation[] }) {
  const [chosen, setChosen] = useState<number | null>(null)
  const [revealed, setRevealed] = useState(false)
  const seen = useMemo(() => (revealed ? evaluations : withoutStanding(evaluations)), [evaluations, revealed])
  const newest = evaluations.at(-1)!
  const shown = evaluations.find(each => each.step === chosen) ?? newest
  const alarms = useFindings(run).filter(({ rule }) => rule === 'reward-hacking' || rule === 'one-answer')
  return (
    <>
      <Group gap="md">
        <ActionButton
          color="violet"
          disabledReason={breakProblem(shown)}
          onClick={() => void openBreak(run.id, shown.step)}
        >
          {breakWords(shown)}
        </ActionButton>
        <BreakSwitch />
        <Best run={run} evaluations={seen} />
      </Group>
      {!revealed && evaluations.some(inFirstBreak) && (
        <Group gap="sm">
          <Text fz="sm" c="dimmed">
            How the answers stand that you are comparing is hidden until ten are compared: who knows it votes
            with it.
          </Text>
          <Button size="compact-xs" variant="default" onClick={() => setRevealed(true)}>
            Reveal my votes so far
          </Button>
        </Group>
      )}
      {alarms.map(finding => (
        <OneFinding key={finding.rule} finding={finding} run={run} />
      ))}
      <div className={classes.figures}>
        <Panel title="Do wins follow the reward?">
          <WinRatePoints evaluations={seen} axis="reward" chosen={shown.step} onChoose={setChosen} />
        </Panel>
        <Panel title="Do they last with the distance?">
          <WinRatePoints evaluations={seen} axis="distance" chosen={shown.step} onChoose={setChosen} />
        </Panel>
      </div>
      <Panel title="Evaluations on held-out prompts">
        <VirtualTable
          label="Evaluations"
          columns={columnsFor(revealed)}
          rows={[...evaluations].reverse()}
          rowKey={each => String(each.step)}
          height={220}
          selected={each => each.step === shown.step}
          onRowClick={each => setChosen(each.step)}
        />
      </Panel>
      <AnswersPanel run={run.id} step={shown.step} />
    </>
  )
}

function BreakSwitch() {
  const wanted = useSettings()['ui.abBreaks']
  return (
    <Switch
      color="violet"
      label="Say when an A/B break is ready"
      checked={wanted}
      onChange={event => void setSetting('ui.abBreaks', event.currentTarget.checked).catch(toastError)}
    />
  )
}

/** Names the checkpoints that are liked best, says whether they are kept, and which one is taken for the best. */
function Best({ run, evaluations }: { run: RunSummary; evaluations: readonly PpoEvaluation[] }) {
  const checkpoints = useQuery('checkpoints.list', {}).data ?? []
  const best = bestLiked(evaluations)
  const taken = checkpoints.find(each => each.run === run.id && each.best)
  if (best.length === 0) return null
  return (
    <div role="status">
      {best.map(({ judge, evaluation, liked }) => (
        <Text key={judge} fz="sm">
          {liked && (
            <Term meaning="Of the win rates over the fine-tuned model, the one whose interval ends highest below: a single win is no proof.">
              Best liked
            </Term>
          )}{' '}
          {judge === 'person'
            ? liked
              ? 'by your votes'
              : 'By your votes'
            : liked
              ? 'by the starter world’s oracle'
              : 'By the starter world’s oracle'}
          : <strong>update {formatCount(evaluation.step)}</strong>, {rateText(evaluation[judge])}.{' '}
          {checkpoints.some(each => each.run === run.id && each.step === evaluation.step)
            ? 'Its checkpoint is kept.'
            : 'It has no checkpoint.'}
        </Text>
      ))}
      {taken && (
        <Text fz="sm">
          <Term meaning="In the oracle’s eyes, by the low end of the interval: what gives everything one answer may win on the whole, but not on every kind.">
            Kept as the best
          </Term>
          : <strong>update {formatCount(taken.step)}</strong>. Of facts, names of nobody and tasks, each
          update is judged by the kind where it won least; there this one won most.
        </Text>
      )}
    </div>
  )
}

const rate = (value: PpoEvaluation['oracle']): string =>
  value && value.n > 0
    ? `${formatPercent(value.share)} (${formatPercent(value.low)}–${formatPercent(value.high)})`
    : NONE

/** @param revealed what the person's votes say, though a break is not through */
const columnsFor = (revealed: boolean): readonly Column<PpoEvaluation>[] => [
  { key: 'step', header: 'Update', width: '70px', align: 'right', cell: e => formatCount(e.step) },
  { key: 'score', header: 'Reward', width: '80px', align: 'right', cell: e => formatNumber(e.score, 3) },
  {
    key: 'kl',
    header: <Term meaning="Mean nats per answer against the fine-tuned model.">KL</Term>,
    width: '70px',
    align: 'right',
    cell: e => formatNumber(e.kl, 3),
  },
  {
    key: 'oracle',
    header: (
      <Term meaning="Wins over the fine-tuned model, of those decided, by the starter world’s own judge; never by the reward model.">
        Oracle’s wins
      </Term>
    ),
    width: 'minmax(130px, 1fr)',
    cell: e => rate(e.oracle),
  },
  {
    key: 'person',
    header: <Term meaning="Of your own blind votes.">Your wins</Term>,
    width: 'minmax(130px, 1fr)',
    cell: e => (!revealed && inFirstBreak(e) ? 'hidden' : rate(e.person)),
  },
  { key: 'votes', header: 'Votes', width: '60px', align: 'right', cell: e => formatCount(votesOf(e)) },
  {
    key: 'abstains',
    header: <Term meaning="“I don’t know.” and nothing else.">Abstains</Term>,
    width: '80px',
    align: 'right',
    cell: e => formatPercent(e.abstains),
  },
  { key: 'stopped', header: 'Ends', width: '60px', align: 'right', cell: e => formatPercent(e.stopped) },
  {
    key: 'style',
    header: (
      <Term meaning={`Answers with at least one phrase of bad style: ${badStyleNames.join(', ')}.`}>
        Bad style
      </Term>
    ),
    width: '80px',
    align: 'right',
    cell: e => (e.badStyle === null ? NONE : formatPercent(e.badStyle)),
  },
]
