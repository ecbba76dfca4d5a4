// WHAT IT SAYS in phase 2: the same prompts, answered by the base before the first step and by the model now; what it said
// in between folds out.
import { Button, Stack, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { RunSummary, Sample } from '../../../../../src-shared/contract/lab-contract.ts'
import { EmptyState } from '../../../components/empty-state.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { PlainText } from '../../../components/plain-text.tsx'
import { bySteps } from '../../../components/training/sample-diff.ts'
import { SamplesOfStep } from '../../../components/training/samples-zone.tsx'
import { formatCount } from '../../../format.ts'
import { phaseColor } from '../../../phases.ts'
import { useQuery } from '../../../queries.ts'
import { answersByPrompt } from './answers-by-prompt.ts'
import classes from './answers-zone.module.css'

const FIRST = 8
/** Characters from which an answer may have to be scrolled. */
const LONG = 60

export function AnswersZone({ run }: { run: RunSummary | undefined }) {
  const samples = useQuery('runs.samples', run ? { run: run.id } : null)
  const answers = useMemo(() => answersByPrompt(samples.data ?? []), [samples.data])
  if (!run)
    return (
      <EmptyState title="It has answered nothing yet">
        The base and the model in training answer the same prompts here, side by side: first continued text,
        then answers that end.
      </EmptyState>
    )
  if (answers.length === 0)
    return (
      <>
        <ErrorNote error={samples.error} retry={{ label: 'Try again', run: samples.refetch }} />
        <Text fz="sm" c="dimmed">
          The base answers first, before the first step.
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
            {base && <Answer of="pretrain" who="Before: the base" sample={base} />}
            {newest ? (
              <Answer of="sft" who={`Now: step ${formatCount(newest.step)}`} sample={newest} />
            ) : (
              <Text fz="xs" c="dimmed">
                Its own answer comes with the first evaluation.
              </Text>
            )}
          </Stack>
        </section>
      ))}
      <Earlier samples={samples.data ?? []} />
    </Stack>
  )
}

function Answer({ of, who, sample }: { of: 'pretrain' | 'sft'; who: string; sample: Sample }) {
  return (
    <div className={classes.answer} style={{ '--of': phaseColor(of) } as React.CSSProperties}>
      <span className={classes.who}>{who}</span>
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

/** Every evaluation between the base and now, newest first, with what changed since the one before it. */
function Earlier({ samples }: { samples: readonly Sample[] }) {
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
          earlier={groups.find(other => other.step < group.step)}
        />
      ))}
      {shown < between.length && (
        <Button variant="subtle" size="compact-xs" onClick={() => setShown(shown + FIRST)}>
          Show earlier steps
        </Button>
      )}
    </>
  )
}
