// WHAT IT SAYS: the same prompts at every evaluation, newest on top, and what changed since an earlier step.
import { Button, Group, Select, Stack, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { RunSummary, Sample } from '../../../../src-shared/contract/lab-contract.ts'
import { formatCount, formatNumber } from '../../format.ts'
import { useQuery } from '../../queries.ts'
import { EmptyState } from '../empty-state.tsx'
import { ErrorNote } from '../error-note.tsx'
import { PlainText } from '../plain-text.tsx'
import { inOneLine, untrainedSentence } from '../token-text.ts'
import { bySteps, type DiffPart, type SampleGroup, wordDiff } from './sample-diff.ts'
import classes from './samples-zone.module.css'

const FIRST = 8

export function SamplesZone({ run, onComplete }: { run: RunSummary | undefined; onComplete: () => void }) {
  const samples = useQuery('runs.samples', run ? { run: run.id } : null)
  const groups = useMemo(() => bySteps(samples.data ?? []), [samples.data])
  const [shown, setShown] = useState(FIRST)
  const [against, setAgainst] = useState<string | null>(null)
  if (!run)
    return (
      <EmptyState title="It has said nothing yet">
        At every evaluation the model continues the same few prompts, so that you can watch it learn: letters
        first, then words, then sentences.
      </EmptyState>
    )
  if (groups.length === 0)
    return (
      <>
        <ErrorNote error={samples.error} retry={{ label: 'Try again', run: samples.refetch }} />
        <Text fz="sm" c="dimmed">
          The first samples come with the first evaluation.
        </Text>
      </>
    )
  const untrained = groups[0]!.samples.map(s => untrainedSentence(s.text)).find(s => s !== null)
  const earlier = groups.find(g => String(g.step) === against)
  return (
    <Stack gap="md">
      <Group gap="xs" justify="space-between" wrap="nowrap">
        <Select
          aria-label="Compare with"
          placeholder="Compare with …"
          w={140}
          clearable
          data={groups.slice(1).map(g => ({ value: String(g.step), label: `Step ${formatCount(g.step)}` }))}
          value={earlier ? against : null}
          onChange={setAgainst}
        />
        <Button variant="subtle" size="compact-xs" style={{ flex: 'none' }} onClick={onComplete}>
          Give it a prompt
        </Button>
      </Group>
      {untrained && (
        <Text fz="xs" c="dimmed">
          {untrained}
        </Text>
      )}
      {groups.slice(0, shown).map(group => (
        <SamplesOfStep
          key={group.step}
          group={group}
          earlier={earlier && earlier.step < group.step ? earlier : undefined}
        />
      ))}
      {groups.length > shown && (
        <Button variant="subtle" size="compact-xs" onClick={() => setShown(shown + FIRST)}>
          Show earlier steps
        </Button>
      )}
    </Stack>
  )
}

/** The texts of one evaluation, with what changed since an earlier one. */
export function SamplesOfStep({
  group,
  earlier,
  of = 'step',
}: {
  group: SampleGroup
  earlier: SampleGroup | undefined
  /** What its phase counts. */
  of?: 'step' | 'update'
}) {
  return (
    <section aria-label={`Samples at ${of} ${group.step}`}>
      <Text fz="xs" c="dimmed" fw={600} className="tabular" mb={4}>
        {of === 'step' ? 'Step' : 'Update'} {formatCount(group.step)}
        {earlier ? `, changes since ${of} ${formatCount(earlier.step)}` : ''}
      </Text>
      <Stack gap={8}>
        {group.samples.map(sample => (
          <OneSample
            key={sample.prompt}
            sample={sample}
            before={earlier?.samples.find(s => s.prompt === sample.prompt)}
          />
        ))}
      </Stack>
    </section>
  )
}

/** A prompt of nothing but whitespace would not be seen. */
const shownPrompt = (prompt: string): string =>
  prompt.trim() === '' ? `${inOneLine({ text: prompt, bytes: [], special: false })} ` : prompt

function OneSample({ sample, before }: { sample: Sample; before: Sample | undefined }) {
  return (
    <div className={classes.sample}>
      {sample.promptText === '' ? (
        <span className={classes.start}>(start of a text) </span>
      ) : (
        <span className={classes.prompt}>
          <PlainText text={shownPrompt(sample.promptText)} />
        </span>
      )}
      {before ? (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name than their place
        wordDiff(before.text, sample.text).map((part, index) => <Changed key={index} part={part} />)
      ) : (
        <PlainText text={sample.text} />
      )}
      {sample.score !== undefined && (
        <span className={classes.score} title="Reward of this answer">
          {formatNumber(sample.score, 3)}
          {before?.score !== undefined && ` · was ${formatNumber(before.score, 3)}`}
        </span>
      )}
    </div>
  )
}

function Changed({ part }: { part: DiffPart }) {
  const text = <PlainText text={part.text} />
  if (part.kind === 'added') return <ins className={classes.added}>{text}</ins>
  if (part.kind === 'removed') return <del className={classes.removed}>{text}</del>
  return text
}
