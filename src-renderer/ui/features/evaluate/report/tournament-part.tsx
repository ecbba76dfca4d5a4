// Your own Figure 1: who is preferred to whom, by a judge that is named, beside what InstructGPT's authors published.
import { Button, Checkbox, Group, SegmentedControl, Text } from '@mantine/core'
import { useState } from 'react'
import type { EvaluationReport, NamedJudge } from '../../../../../src-shared/contract/evaluation-contract.ts'
import { ownName } from '../../../../../src-shared/preferences/labeler-name.ts'
import { useSettings } from '../../../app-state.ts'
import { modelName, temperatureText } from '../../../charts/evaluated-model.ts'
import { type RateRow, WinRates } from '../../../charts/win-rates.tsx'
import { ActionButton } from '../../../components/action-button.tsx'
import { Panel } from '../../../components/panel.tsx'
import { visible } from '../../../components/plain-text.tsx'
import { Term } from '../../../components/term.tsx'
import { formatCount } from '../../../format.ts'
import { useQuery } from '../../../queries.ts'
import { openAnswers, openVoting, reveal, useEvaluate } from '../evaluate-store.ts'
import {
  groupName,
  groupsByUseCase,
  judgedBy,
  judgeName,
  ownJudgeId,
  pairGroups,
  pairName,
} from '../report-words.ts'

const MEANING =
  'Of the prompts on which the judge preferred one of the two answers, the share that went to the first model, with Wilson’s 95% interval. The dashed line is no preference. An interval that does not touch it is a difference that chance alone hardly makes. Its width takes different questions as independent, and the same one drawn twice as one; one fact asked in two phrasings counts as two, which it is not, so the true intervals are wider. And many stand side by side: of twenty, about one misses by chance.'

export function TournamentPart({ report }: { report: EvaluationReport }) {
  const own = ownJudgeId(ownName(useSettings().labeler))
  const [chosen, setChosen] = useState<string | null>(null)
  const [byUseCase, setByUseCase] = useState(false)
  const [wanted, setTemperature] = useState<number | null>(null)
  const { judges } = report
  const judge = judges.find(({ id }) => id === chosen) ?? judges[0]
  const temperature = report.temperatures.find(each => each === wanted) ?? report.temperatures[0] ?? 0
  const hidden = useHidden(report, judge?.id === own)
  return (
    <Panel
      title={<Term meaning={MEANING}>Your own Figure 1</Term>}
      aside={
        <Group gap="sm">
          {judges.length > 1 && (
            <SegmentedControl
              aria-label="Judge"
              data={judges.map(each => ({ value: each.id, label: judgeName(each, own) }))}
              value={judge?.id ?? ''}
              onChange={setChosen}
            />
          )}
          <VoteButton report={report} />
        </Group>
      }
    >
      {judge ? (
        <>
          <Group gap="md" mih={26}>
            <Text fz="sm" fw={600}>
              {judgedBy(judge, report.winRates, own)}
            </Text>
            <Checkbox
              label="By use case"
              checked={byUseCase}
              onChange={event => setByUseCase(event.currentTarget.checked)}
            />
            {byUseCase && report.temperatures.length > 1 && (
              <SegmentedControl
                aria-label="Temperature"
                data={report.temperatures.map(each => ({
                  value: String(each),
                  label: temperatureText(each),
                }))}
                value={String(temperature)}
                onChange={value => setTemperature(Number(value))}
              />
            )}
          </Group>
          <TrainedAgainst judge={judge} />
          {hidden ? (
            <Hidden evaluation={report.evaluation} left={hidden.left} />
          ) : (
            <WinRates
              groups={
                byUseCase ? groupsByUseCase(report, judge.id, temperature) : pairGroups(report, judge.id)
              }
              onOpen={row => openRow(report, judge, row, byUseCase, own)}
            />
          )}
        </>
      ) : (
        <Text fz="sm" c="dimmed">
          {report.prompts.from === 'starter-world'
            ? 'Nobody has judged yet: the starter world’s oracle was not asked to.'
            : 'Nobody has judged yet: without the starter world nobody here knows which answer is better.'}{' '}
          Vote blind, on as many pairs as you like.
        </Text>
      )}
    </Panel>
  )
}

/** Own votes stay hidden while one votes: who knows the standing votes with it. */
function useHidden({ evaluation, answers, answersPlanned }: EvaluationReport, isOwn: boolean) {
  const labeler = ownName(useSettings().labeler)
  const revealed = useEvaluate(state => state.revealed.includes(evaluation))
  const ask = isOwn && !revealed && answers >= answersPlanned
  const votes = useQuery('evaluation.nextPair', ask ? { evaluation, labeler } : null).data
  if (!ask) return null
  const left = votes ? votes.total - votes.done : null
  return left === 0 ? null : { left }
}

function Hidden({ evaluation, left }: { evaluation: string; left: number | null }) {
  return (
    <Group gap="sm" my="sm">
      <Text fz="sm" c="dimmed">
        Hidden while you vote{left === null ? '' : `, with ${formatCount(left)} pairs left`}: who knows the
        standing votes with it.
      </Text>
      <Button size="compact-xs" variant="default" onClick={() => reveal(evaluation)}>
        Reveal my votes so far
      </Button>
    </Group>
  )
}

const TrainedAgainst = ({ judge }: { judge: NamedJudge }) =>
  judge.trainedAgainst.length > 0 && (
    <Text fz="sm" c="var(--lab-warn)" role="note">
      ▲ {judge.trainedAgainst.map(label => visible(modelName(label))).join(', ')} was trained to please this
      judge: its word on it proves nothing.
    </Text>
  )

export function VoteButton({ report }: { report: EvaluationReport }) {
  const problem =
    report.answers < report.answersPlanned
      ? 'Not all answers are here yet'
      : report.models.length < 2
        ? 'There is one model only'
        : null
  return (
    <ActionButton disabledReason={problem} onClick={() => openVoting(report.evaluation)}>
      {report.judges.some(({ by }) => by === 'person') ? 'Go on voting' : 'Vote blind'}
    </ActionButton>
  )
}

/** The comparisons behind a row. Its key names pair and group or temperature; the rates hold them whole. */
function openRow(
  report: EvaluationReport,
  judge: NamedJudge,
  { key, name }: RateRow,
  byUseCase: boolean,
  own: string,
): void {
  const rates = byUseCase ? report.winRatesByGroup : report.winRates
  const rate = rates.find(
    each =>
      each.judge === judge.id &&
      key === `${each.a} ${each.b} ${'group' in each ? each.group : each.temperature}`,
  )
  if (!rate) return
  const { a, b, temperature } = rate
  openAnswers({
    evaluation: report.evaluation,
    title: `${pairName(rate)}, ${'group' in rate ? `${groupName(String(rate.group))}, ` : ''}${byUseCase ? temperatureText(temperature) : name}. ${judgedBy(judge, [], own).split(':')[0]}`,
    filter: {
      temperature,
      ...('group' in rate ? { group: String(rate.group) } : {}),
      comparison: { a, b, judge: judge.id },
    },
  })
}
