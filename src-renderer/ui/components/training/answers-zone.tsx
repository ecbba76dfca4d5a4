// WHAT IT SAYS in the phases that answer: the same prompts, answered by the model that the run started from and by the
// model now, with their rewards where there are any; what it said in between folds out.
import { Button, Stack, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { RunSummary, Sample } from '../../../../src-shared/contract/lab-contract.ts'
import { formatCount, formatNumber } from '../../format.ts'
import { phaseColor } from '../../phases.ts'
import { useQuery } from '../../queries.ts'
import { EmptyState } from '../empty-state.tsx'
import { ErrorNote } from '../error-note.tsx'
import { PlainText } from '../plain-text.tsx'
import { answersByPrompt } from './answers-by-prompt.ts'
import classes from './answers-zone.module.css'
import { bySteps } from './sample-diff.ts'
import { SamplesOfStep } from './samples-zone.tsx'

const FIRST = 8
/** Characters from which an answer may have to be scrolled. */
const LONG = 60

interface Words {
  /** The phase before, whose model answers first. */
  readonly before: 'pretrain' | 'sft'
  readonly beforeName: string
  readonly step: 'step' | 'update'
  readonly empty: string
  readonly first: string
}

const words: Readonly<Record<'sft' | 'ppo', Words>> = {
  sft: {
    before: 'pretrain',
    beforeName: 'Before: the base',
    step: 'step',
    empty:
      'The base and the model in training answer the same prompts here, side by side: first continued text, then answers that end.',
    first: 'The base answers first, before the first step.',
  },
  ppo: {
    before: 'sft',
    beforeName: 'Before: the fine-tuned model',
    step: 'update',
    empty:
      'The fine-tuned model and the one in training answer the same prompts here, side by side, each answer with its reward.',
    first: 'The fine-tuned model answers first, before the first update.',
  },
}

export function AnswersZone({ phase, run }: { phase: 'sft' | 'ppo'; run: RunSummary | undefined }) {
  const { before, beforeName, step, empty, first } = words[phase]
  const samples = useQuery('runs.samples', run ? { run: run.id } : null)
  const answers = useMemo(() => answersByPrompt(samples.data ?? []), [samples.data])
  if (!run) return <EmptyState title="It has answered nothing yet">{empty}</EmptyState>
  if (answers.length === 0)
    return (
      <>
        <ErrorNote error={samples.error} retry={{ label: 'Try again', run: samples.refetch }} />
        <Text fz="sm" c="dimmed">
          {first}
        </Text>
      </>
    )
  return (
    <Stack gap="md">
      {answers.map(({ prompt, text, base, newest }) => (
        <section key={prompt} aria-label={`Answers to prompt ${prompt + 1}`}>
          <div className={classes.prompt}>
            <PlainText text={text === '' ? '(nothing)' : text} />
          </div>
          <Stack gap={6} mt={4}>
            {base && <Answer of={before} who={beforeName} sample={base} />}
            {newest ? (
              <Answer of={phase} who={`Now: ${step} ${formatCount(newest.step)}`} sample={newest} />
            ) : (
              <Text fz="xs" c="dimmed">
                Its own answer comes with the first evaluation.
              </Text>
            )}
          </Stack>
        </section>
      ))}
      <Earlier samples={samples.data ?? []} of={step} />
    </Stack>
  )
}

function Answer({ of, who, sample }: { of: 'pretrain' | 'sft' | 'ppo'; who: string; sample: Sample }) {
  return (
    <div className={classes.answer} style={{ '--of': phaseColor(of) } as React.CSSProperties}>
      <span className={classes.who}>
        {who}
        {sample.score !== undefined && (
          <span className={classes.reward} title="Reward of this answer">
            {formatNumber(sample.score, 3)}
          </span>
        )}
      </span>
      {sample.text === '' ? (
        <Text span inherit c="dimmed">
          (nothing: it stopped at once)
        </Text>
      ) : (
        <span className={classes.text} tabIndex={sample.text.length > LONG ? 0 : undefined}>
          <PlainText text={sample.text} />
        </span>
      )}
    </div>
  )
}

/** Every evaluation between the first and now, newest first, with what changed since the one before it. */
function Earlier({ samples, of }: { samples: readonly Sample[]; of: 'step' | 'update' }) {
  const [shown, setShown] = useState(0)
  const groups = useMemo(() => bySteps(samples), [samples])
  const between = groups.slice(1).filter(group => group.step > 0)
  if (between.length === 0) return null
  return (
    <>
      {between.slice(0, shown).map(group => (
        <SamplesOfStep
          key={group.step}
          group={group}
          of={of}
          earlier={groups.find(other => other.step < group.step)}
        />
      ))}
      {shown < between.length && (
        <Button variant="subtle" size="compact-xs" onClick={() => setShown(shown + FIRST)}>
          Show earlier {of}s
        </Button>
      )}
    </>
  )
}
