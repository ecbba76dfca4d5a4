// What came back: per kind of answer one bar for each model, and the answers behind the bar that is pressed.
import { Group, List, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import type { AnswerKind, QuestionExhibit } from '../../../../../src-shared/contract/sft-contract.ts'
import { answerKindRules } from '../../../../../src-shared/demonstrations/answer-kinds.ts'
import { PhaseBadge } from '../../../components/phase-badge.tsx'
import { PlainText, visible } from '../../../components/plain-text.tsx'
import { Term } from '../../../components/term.tsx'
import { formatCount, formatCounted, formatPercent } from '../../../format.ts'
import { phaseColor } from '../../../phases.ts'
import { answerKindRows } from './answer-kind-order.ts'
import classes from './exhibit.module.css'

type Model = QuestionExhibit['models'][number]

const colorOf = (model: Model) => ({ '--of': phaseColor(model.phase) }) as React.CSSProperties
const ended = (rule: string) => (rule.endsWith('…') ? rule : `${rule}.`)
const modes = { raw: 'as plain text', template: 'through the template' } as const

export function ExhibitResult({ exhibit }: { exhibit: QuestionExhibit }) {
  const [open, setOpen] = useState<{ model: number; kind: AnswerKind } | null>(null)
  const questions = new Set(exhibit.models.flatMap(model => model.answers.map(answer => answer.question)))
  const shown = open && exhibit.models[open.model]
  return (
    <Stack gap="sm">
      <Group gap="lg" fz="sm">
        {exhibit.models.map(model => (
          <span key={`${model.checkpoint} ${model.mode}`} style={colorOf(model)}>
            <span
              aria-hidden
              className={`${classes.swatch} ${classes.fill}`}
              data-striped={model.phase === 'pretrain' || undefined}
            />
            <PhaseBadge phase={model.phase} short /> <PlainText text={model.name} />{' '}
            <Text span fz="xs" c="dimmed">
              {modes[model.mode]}
            </Text>
          </span>
        ))}
      </Group>
      <Text fz="xs" c="dimmed" className="tabular">
        {formatCounted(questions.size, 'question')}, {formatCount(exhibit.models[0]?.answers.length ?? 0)}{' '}
        answers of each model, temperature {exhibit.temperature}, seed {exhibit.seed}. Press a bar to read its
        answers.
      </Text>
      <ul className={classes.kinds} aria-label="Answers by kind">
        {answerKindRows.map(({ kind, title, rule }) => (
          <li key={kind} className={classes.kind}>
            <Text fz="sm" fw={600}>
              <Term meaning={`The first sentence ${ended(rule)}`}>{title}</Term>
            </Text>
            <div className={classes.bars}>
              {exhibit.models.map((model, index) => (
                <Bar
                  key={`${model.checkpoint} ${model.mode}`}
                  model={model}
                  kind={kind}
                  title={title}
                  pressed={open?.model === index && open.kind === kind}
                  onPress={() =>
                    setOpen(open?.model === index && open.kind === kind ? null : { model: index, kind })
                  }
                />
              ))}
            </div>
          </li>
        ))}
      </ul>
      {open && shown && <Answers model={shown} kind={open.kind} />}
      <Rules />
    </Stack>
  )
}

function Bar({
  model,
  kind,
  title,
  pressed,
  onPress,
}: {
  model: Model
  kind: AnswerKind
  title: string
  pressed: boolean
  onPress: () => void
}) {
  const count = model.counts[kind] ?? 0
  const share = model.answers.length > 0 ? count / model.answers.length : 0
  return (
    <button
      type="button"
      className={classes.bar}
      style={colorOf(model)}
      aria-pressed={pressed}
      data-empty={count === 0 || undefined}
      aria-disabled={count === 0 || undefined}
      onClick={() => count > 0 && onPress()}
    >
      <span className="visually-hidden">
        {title}, {visible(model.name)}:
      </span>
      <span className={classes.track}>
        <span
          className={classes.fill}
          data-striped={model.phase === 'pretrain' || undefined}
          style={{ display: 'block', width: `${100 * share}%` }}
        />
      </span>
      <span className={classes.figures}>
        {formatPercent(share)} · {formatCounted(count, 'answer')}
      </span>
    </button>
  )
}

function Answers({ model, kind }: { model: Model; kind: AnswerKind }) {
  const answers = model.answers.filter(answer => answer.kind === kind)
  const { title } = answerKindRows.find(row => row.kind === kind)!
  return (
    <section aria-label="Answers behind the bar">
      <Title order={3} mb={4}>
        {title}: {formatCounted(answers.length, 'answer')} of <PlainText text={model.name} />
      </Title>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form control */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard */}
      <div className={classes.answers} tabIndex={0} role="group" aria-label="Answers">
        {answers.map(({ question, text }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same answer may come twice
          <div key={index} className={classes.answer}>
            <span className={classes.question}>
              <PlainText text={question} />
            </span>
            {text === '' ? (
              <Text span inherit c="dimmed">
                (nothing)
              </Text>
            ) : (
              <PlainText text={text} />
            )}
          </div>
        ))}
      </div>
    </section>
  )
}

function Rules() {
  return (
    <details>
      <summary style={{ cursor: 'pointer', fontSize: 'var(--mantine-font-size-xs)' }}>
        How answers are sorted
      </summary>
      <Text fz="xs" mt={4}>
        The first sentence of an answer decides. The rules are tried in this order:
      </Text>
      <List fz="xs" spacing={2} mt={4} type="ordered">
        {answerKindRules.map(({ kind, title, rule }) => (
          <List.Item key={kind}>
            <b>{title}</b>: {ended(rule)}
          </List.Item>
        ))}
      </List>
    </details>
  )
}
