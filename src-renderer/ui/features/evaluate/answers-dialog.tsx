// The answers behind a number: every question with what each model made of it, found by words, read whole on a click.
import { Group, Modal, Select, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMemo, useState } from 'react'
import type {
  AnswerFilter,
  AnswerRow,
  EvaluatedAnswer,
} from '../../../../src-shared/contract/evaluation-contract.ts'
import { modelName, temperatureText } from '../../charts/evaluated-model.ts'
import { ErrorNote } from '../../components/error-note.tsx'
import { PlainText, visible } from '../../components/plain-text.tsx'
import { Term } from '../../components/term.tsx'
import { TwoLines } from '../../components/two-lines.tsx'
import { type Column, VirtualTable } from '../../components/virtual-table.tsx'
import { formatCounted, formatNumber, formatPercent } from '../../format.ts'
import { call } from '../../lab.ts'
import { usePagedRows } from '../../paged-rows.ts'
import classes from './evaluate.module.css'
import { type AnswersAsk, useEvaluate } from './evaluate-store.ts'
import { GRADE_MEANING, gradeText, groupName } from './report-words.ts'

type Outcome = NonNullable<NonNullable<AnswerFilter['comparison']>['outcome']>

const marks = { correct: '✓', abstains: '○', fabricates: '✗' } as const

export function AnswersDialog() {
  const ask = useEvaluate(state => state.answers)
  return (
    <Modal
      opened={ask !== null}
      onClose={() => useEvaluate.setState({ answers: null })}
      size="min(1100px, 94vw)"
      title={ask ? visible(ask.title) : ''}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {ask && <Answers key={JSON.stringify(ask)} ask={ask} />}
    </Modal>
  )
}

function Answers({ ask: { evaluation, filter } }: { ask: AnswersAsk }) {
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), 250)
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const [open, setOpen] = useState<AnswerRow | null>(null)
  const { comparison } = filter
  const wanted: AnswerFilter = {
    ...filter,
    ...(search ? { search } : {}),
    ...(comparison && outcome ? { comparison: { ...comparison, outcome } } : {}),
  }
  const found = usePagedRows<AnswerRow>(JSON.stringify([evaluation, wanted]), (offset, limit) =>
    call('evaluation.answers', { evaluation, filter: wanted, offset, limit }),
  )
  const labels = found.rows[0]?.answers.map(({ label }) => label) ?? []
  const key = labels.join('\n')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the labels stand for themselves
  const columns = useMemo(() => columnsFor(labels), [key])
  return (
    <div className={classes.answers}>
      <Group gap="sm" align="center">
        <TextInput
          aria-label="Find in prompts and answers"
          placeholder="Find in prompts and answers"
          w={260}
          data-autofocus
          value={typed}
          onChange={event => setTyped(event.currentTarget.value)}
        />
        {comparison && (
          <Select
            aria-label="Outcome"
            w={190}
            data={[
              { value: '', label: 'Whoever was preferred' },
              { value: 'wins', label: `${visible(modelName(comparison.a))} preferred` },
              { value: 'losses', label: `${visible(modelName(comparison.b))} preferred` },
              { value: 'ties', label: 'Ties' },
            ]}
            value={outcome ?? ''}
            onChange={value => setOutcome((value || null) as Outcome | null)}
          />
        )}
        <Text fz="xs" c="dimmed" className="tabular" role="status">
          {found.total === null ? '' : formatCounted(found.total, 'question')}
        </Text>
        <Text fz="xs" c="dimmed" ml="auto">
          <Term meaning={GRADE_MEANING}>Letter for letter</Term>: ✓ correct ○ abstains ✗ fabricates
        </Text>
      </Group>
      <div style={{ minHeight: 0, overflow: 'hidden' }}>
        <ErrorNote error={found.error} retry={{ label: 'Try again', run: found.reload }} />
        <VirtualTable
          label="Answers"
          columns={columns}
          rows={found.rows}
          rowKey={row => `${row.number} ${row.temperature}`}
          rowHeight={44}
          height={open ? 'min(37vh, 380px)' : 'min(66vh, 640px)'}
          onNearEnd={found.more}
          onRowClick={setOpen}
          selected={row => row === open}
          empty={
            found.loading ? undefined : (
              <Text fz="sm" c="dimmed" p="sm">
                No answer is like that.
              </Text>
            )
          }
        />
      </div>
      {open && <Detail row={open} />}
    </div>
  )
}

const columnsFor = (labels: readonly string[]): readonly Column<AnswerRow>[] => [
  {
    key: 'prompt',
    header: 'Prompt',
    width: 'minmax(170px, 1.2fr)',
    cell: row => <TwoLines text={row.messages.at(-1)?.content ?? ''} />,
  },
  ...labels.map(
    (label): Column<AnswerRow> => ({
      key: `of ${label}`,
      header: <PlainText text={modelName(label)} />,
      width: 'minmax(150px, 1fr)',
      cell: row => {
        const answer = row.answers.find(each => each.label === label)
        return answer && <Short answer={answer} />
      },
    }),
  ),
  {
    key: 'right',
    header: 'Right',
    width: 'minmax(110px, 0.6fr)',
    cell: row => <TwoLines text={row.right.join(' / ')} />,
  },
  {
    key: 'group',
    header: 'Use case',
    width: '104px',
    cell: row => (row.set === 'sum' ? 'Sum' : groupName(row.group)),
  },
  { key: 'temperature', header: 'T', width: '38px', align: 'right', cell: row => row.temperature },
]

function Short({ answer: { text, grade } }: { answer: EvaluatedAnswer }) {
  return (
    <div style={{ display: 'flex', gap: 6 }}>
      {grade && (
        <span title={gradeText(grade)}>
          <span aria-hidden>{marks[grade]}</span>
          <span className="visually-hidden">{gradeText(grade)}</span>
        </span>
      )}
      <div style={{ minWidth: 0 }}>{text === '' ? <em>(nothing)</em> : <TwoLines text={text} />}</div>
    </div>
  )
}

function Detail({ row }: { row: AnswerRow }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard
    <section className={classes.detail} aria-label="The question that was opened" tabIndex={0}>
      {row.messages.map(({ role, content }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: messages have no other name, and do not move
        <div key={i} className={classes.text}>
          {row.messages.length > 1 && <b>{role}: </b>}
          <PlainText text={content} />
        </div>
      ))}
      <dl>
        {row.right.length > 0 && (
          <>
            <dt>Right</dt>
            <dd className={classes.text}>
              <PlainText text={row.right.join(' / ')} />
            </dd>
          </>
        )}
        {row.answers.map(answer => (
          <AnswerFacts key={answer.label} answer={answer} temperature={row.temperature} />
        ))}
      </dl>
    </section>
  )
}

function AnswerFacts({ answer, temperature }: { answer: EvaluatedAnswer; temperature: number }) {
  const { label, text, stopped, grade, badStyles, scores, confidence } = answer
  const facts = [
    ...(grade ? [gradeText(grade)] : []),
    ...(stopped ? [] : ['cut off']),
    ...(badStyles.length > 0 ? [`bad style: ${badStyles.join(', ')}`] : []),
    `sure ${formatPercent(confidence)}`,
    ...Object.entries(scores).map(([judge, score]) => `${judgeWord(judge)} ${formatNumber(score, 3)}`),
    temperatureText(temperature),
  ]
  return (
    <>
      <dt>
        <PlainText text={modelName(label)} />
      </dt>
      <dd>
        <div className={classes.text}>{text === '' ? <em>(nothing)</em> : <PlainText text={text} />}</div>
        <Text fz="xs" c="dimmed" className="tabular">
          {visible(facts.join(' · '))}
        </Text>
      </dd>
    </>
  )
}

/** Of `namedJudge.id`, before a score. */
const judgeWord = (judge: string): string => (judge === 'oracle' ? 'oracle’s score' : 'reward')
