// "What a base model does with a question": the article's point as an experiment. The same questions, many times, to a base
// as plain text and to its fine-tuned child through the template.
import { Button, Group, NumberInput, Select, Slider, Stack, Text, Textarea, Title } from '@mantine/core'
import { useApp } from '../../../app-state.ts'
import { ActionButton } from '../../../components/action-button.tsx'
import { EmptyState } from '../../../components/empty-state.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { JobLine } from '../../../components/job-line.tsx'
import { checkpointLabel, usableModels } from '../../../components/model-choice.ts'
import { formatCount } from '../../../format.ts'
import { useAction, useQuery } from '../../../queries.ts'
import classes from './exhibit.module.css'
import { askedQuestions, exhibitProblem, modelsOf } from './exhibit-draft.ts'
import { ExhibitResult } from './exhibit-result.tsx'
import { askModels, changeExhibit, useExhibit } from './exhibit-store.ts'

const none: readonly never[] = []

export function ExhibitView() {
  const checkpoints = useQuery('checkpoints.list', {}).data
  const latest = useQuery('exhibit.latest', {})
  if (!checkpoints) return null
  const hasModel = usableModels(checkpoints, ['pretrain', 'sft']).length > 0
  return (
    <Stack p="md" gap="md">
      <div>
        <Title order={2}>What a base model does with a question</Title>
        <Text fz="sm" c="dimmed" maw={820}>
          A base model was trained to continue text, not to answer. Asked a question it may answer, ask more
          questions, as in a list of them, or talk about the question. Fine-tuning turns the same knowledge
          into answers. Ask both the same questions many times and count.
        </Text>
      </div>
      {hasModel ? (
        <div className={classes.columns}>
          <Asking />
          <div>
            <ErrorNote error={latest.error} retry={{ label: 'Try again', run: latest.refetch }} />
            {latest.data ? (
              <ExhibitResult exhibit={latest.data} />
            ) : (
              latest.data === null && (
                <EmptyState title="Nothing was asked yet">
                  Press Ask. The answers are sorted by stated rules, and every bar opens the answers behind
                  it.
                </EmptyState>
              )
            )}
          </div>
        </div>
      ) : (
        <EmptyState
          title="No model to ask yet"
          action={{ label: 'Train a base model', run: () => useApp.getState().showPretrain('train') }}
        >
          The exhibit asks a base model and its fine-tuned child. Train a base in phase 1 first.
        </EmptyState>
      )}
    </Stack>
  )
}

function Asking() {
  const checkpoints = useQuery('checkpoints.list', {}).data ?? none
  const runs = useQuery('runs.list', {}).data ?? none
  const { draft, job } = useExhibit()
  const { base, sft } = modelsOf(draft, checkpoints, runs)
  const suggested = useQuery('exhibit.questions', base || sft ? { checkpoint: (base ?? sft)!.id } : null)
  const questions = draft.questions ?? suggested.data?.questions ?? none
  const jobs = useQuery('jobs.list', {}).data ?? none
  // After a reload the job is known by its kind alone.
  const under = jobs.find(each => each.kind === 'exhibit' && each.state === 'running')
  const running = under !== undefined
  const ask = useAction(() =>
    askModels(
      [
        ...(base ? [{ checkpoint: base.id, mode: 'raw' as const }] : []),
        ...(sft ? [{ checkpoint: sft.id, mode: 'template' as const }] : []),
      ],
      questions,
    ),
  )
  const problem = running ? 'The models are being asked' : exhibitProblem(draft, questions)
  const start = () => {
    if (problem === null && !ask.busy) void ask.run()
  }
  const models = [base, sft].filter(Boolean).length
  const answers = askedQuestions(questions).length * (Number(draft.repeats) || 0) * models
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Ctrl+Enter works from every field
    <div
      onKeyDown={event => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) start()
      }}
    >
      <Stack gap="sm">
        <Select
          label="Base, asked as plain text"
          placeholder="no base model"
          data={usableModels(checkpoints, ['pretrain']).map(c => ({
            value: c.id,
            label: checkpointLabel(c),
          }))}
          value={base?.id ?? null}
          searchable
          onChange={id => changeExhibit({ base: id })}
        />
        <Select
          label="Fine-tuned, asked through the template"
          placeholder="not fine-tuned yet: train one"
          data={usableModels(checkpoints, ['sft']).map(c => ({ value: c.id, label: checkpointLabel(c) }))}
          value={sft?.id ?? null}
          searchable
          onChange={id => changeExhibit({ sft: id })}
        />
        <Textarea
          label="Questions"
          description="One per line."
          autosize
          minRows={4}
          maxRows={12}
          spellCheck={false}
          value={questions.join('\n')}
          onChange={event => changeExhibit({ questions: event.currentTarget.value.split('\n') })}
        />
        <ErrorNote error={suggested.error} />
        {draft.questions !== null && (
          <Group>
            <Button size="compact-xs" variant="subtle" onClick={() => changeExhibit({ questions: null })}>
              Back to the suggested questions
            </Button>
          </Group>
        )}
        <Group gap="xs" grow align="start">
          <NumberInput
            label="Times each"
            value={draft.repeats}
            allowDecimal={false}
            onChange={repeats => changeExhibit({ repeats })}
          />
          <NumberInput
            label="At most, tokens"
            value={draft.maxTokens}
            allowDecimal={false}
            onChange={maxTokens => changeExhibit({ maxTokens })}
          />
          <NumberInput
            label="Seed"
            value={draft.seed}
            allowDecimal={false}
            onChange={seed => changeExhibit({ seed })}
          />
        </Group>
        <div>
          <Text fz="xs" fw={600}>
            Temperature {draft.temperature.toFixed(2)}
          </Text>
          <Slider
            size="xs"
            min={0}
            max={2}
            step={0.05}
            label={null}
            thumbLabel="Temperature"
            value={draft.temperature}
            onChange={temperature => changeExhibit({ temperature })}
          />
          {draft.temperature === 0 && Number(draft.repeats) > 1 && (
            <Text fz="xs" c="dimmed" mt={2}>
              At temperature 0 every repetition is the same.
            </Text>
          )}
        </div>
        <ErrorNote error={ask.error} onClose={ask.clear} />
        <ActionButton loading={ask.busy} disabledReason={problem} onClick={start}>
          Ask
        </ActionButton>
        <Text fz="xs" c="dimmed" className="tabular">
          {formatCount(answers)} answers{models === 1 ? ', of one model' : ''}. Ctrl+Enter asks.
        </Text>
        <JobLine job={under?.id ?? job} />
      </Stack>
    </div>
  )
}
