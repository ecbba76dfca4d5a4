// Tasks and style: what is right letter for letter, what is abstained from, and how it sounds.
import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type {
  AnswerFilter,
  EvaluationReport,
  MannerResult,
} from '../../../../../src-shared/contract/evaluation-contract.ts'
import type { ShareWithInterval } from '../../../../../src-shared/contract/preferences-contract.ts'
import { badStyleNames } from '../../../../../src-shared/starter-world/style.ts'
import { modelName, temperatureText } from '../../../charts/evaluated-model.ts'
import { Panel } from '../../../components/panel.tsx'
import { PlainText, visible } from '../../../components/plain-text.tsx'
import { Term } from '../../../components/term.tsx'
import { formatCount, formatPercent, NONE } from '../../../format.ts'
import { phaseColor } from '../../../phases.ts'
import classes from '../evaluate.module.css'
import { openAnswers } from '../evaluate-store.ts'

interface Measure {
  readonly title: string
  readonly meaning: string
  readonly share: (manner: MannerResult) => ShareWithInterval
  /** Which answers stand behind it; absent = all of them. */
  readonly filter: AnswerFilter
}
const measures: readonly Measure[] = [
  {
    title: 'Tasks right',
    meaning:
      'Tasks of the other use cases answered with the right answer, letter for letter, and nothing else: right answers rise also as bad style around them falls.',
    share: manner => manner.tasks,
    filter: { set: 'task', grade: 'correct' },
  },
  {
    title: 'Abstains on tasks',
    meaning: '“I don’t know.” to a task that needs no knowledge: the sign of a model that only abstains.',
    share: manner => manner.abstainsOnTasks,
    filter: { set: 'task', grade: 'abstains' },
  },
  {
    title: 'Bad style',
    meaning: `Answers with at least one phrase of bad style: ${badStyleNames.join(', ')}.`,
    share: manner => manner.badStyle,
    filter: { badStyle: true },
  },
  {
    title: 'Ends by itself',
    meaning: 'Answers that the model ended, rather than being cut off.',
    share: manner => manner.stopped,
    filter: {},
  },
]

export function MannerPart({ report }: { report: EvaluationReport }) {
  const place = ({ label }: MannerResult) => report.models.findIndex(model => model.label === label)
  const rows = report.manner.toSorted((a, b) => place(a) - place(b) || b.temperature - a.temperature)
  return (
    <Panel title="Tasks and style">
      <div style={{ overflowX: 'auto' }}>
        <table className={classes.manner}>
          <thead>
            <tr>
              <th scope="col">Model</th>
              {measures.map(({ title, meaning }) => (
                <th key={title} scope="col">
                  <Term meaning={meaning}>{title}</Term>
                </th>
              ))}
              <th scope="col">Words</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(row => (
              <Row key={`${row.label} ${row.temperature}`} row={row} report={report} />
            ))}
          </tbody>
        </table>
      </div>
      <Text fz="xs" c="dimmed" mt={6}>
        Of all questions but sums; tasks of tasks alone. Hover a share for its 95% interval; a click shows the
        answers.
      </Text>
    </Panel>
  )
}

function Row({ row, report }: { row: MannerResult; report: EvaluationReport }) {
  const { label, temperature } = row
  const phase = report.models.find(model => model.label === label)?.phase ?? 'pretrain'
  return (
    <tr>
      <th scope="row">
        <span style={{ color: phaseColor(phase), fontWeight: 600 }}>
          <PlainText text={modelName(label)} />
        </span>{' '}
        <Text span fz="xs" c="dimmed">
          {temperatureText(temperature)}
        </Text>
      </th>
      {measures.map(({ title, share, filter }) => (
        <td key={title}>
          <ShareButton
            share={share(row)}
            name={`${title}, ${visible(modelName(label))}, ${temperatureText(temperature)}`}
            onOpen={() =>
              openAnswers({
                evaluation: report.evaluation,
                title: `${visible(modelName(label))}, ${temperatureText(temperature)}: ${title.toLowerCase()}`,
                filter: { ...filter, model: label, temperature },
              })
            }
          />
        </td>
      ))}
      <td>{row.words.toFixed(1)}</td>
    </tr>
  )
}

function ShareButton({
  share,
  name,
  onOpen,
}: {
  share: ShareWithInterval
  name: string
  onOpen: () => void
}): ReactNode {
  if (share.n === 0) return NONE
  return (
    <button
      type="button"
      className={classes.number}
      title={`${formatPercent(share.low)} to ${formatPercent(share.high)}, of ${formatCount(share.n)}`}
      onClick={onOpen}
    >
      {formatPercent(share.share)}
      <span className="visually-hidden">{`, ${name}`}</span>
    </button>
  )
}
