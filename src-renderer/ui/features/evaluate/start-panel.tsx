// A new evaluation: which models, on which prompts, what is measured, who judges; Ctrl+Enter starts it.
import { Checkbox, Stack, Text } from '@mantine/core'
import type { EvaluationPart } from '../../../../src-shared/contract/evaluation-contract.ts'
import type { CheckpointSummary, RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { ActionButton } from '../../components/action-button.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { Term } from '../../components/term.tsx'
import { RecipePart } from '../../components/training/recipe-part.tsx'
import { useAction, useQuery } from '../../queries.ts'
import { worldOf } from '../../starter-world.ts'
import { changeDraft, startEvaluation, useEvaluate } from './evaluate-store.ts'
import {
  chosenModels,
  type DraftContext,
  draftProblem,
  type EvaluationDraft,
  partsFor,
  settled,
  trainedAgainst,
} from './evaluation-draft.ts'
import { JudgeFields, ModelsField, PromptFields, withOrWithout } from './start-fields.tsx'
import { TimeNote } from './time-note.tsx'

const none: readonly never[] = []

const partWords: readonly { part: EvaluationPart; title: string; meaning: string; needsWorld: boolean }[] = [
  {
    part: 'tournament',
    title: 'Tournament',
    meaning: 'Your own Figure 1: every two models compared prompt by prompt, by judges and blind by you.',
    needsWorld: false,
  },
  {
    part: 'truthfulness',
    title: 'Truthfulness drill',
    meaning: 'Facts that can be known and names that belong to nobody: correct, abstains or fabricates.',
    needsWorld: true,
  },
  {
    part: 'ladder',
    title: 'Arithmetic ladder',
    meaning: 'Sums from 2 + 2 to 17 × 24: what is right, and how sure the model is.',
    needsWorld: false,
  },
  {
    part: 'tasks',
    title: 'Tasks and style',
    meaning: 'The other use cases, letter for letter; abstentions and bad style.',
    needsWorld: true,
  },
]
/** What the form knows beside what is typed into it. */
function useDraftContext(): {
  draft: EvaluationDraft
  context: DraftContext
  checkpoints: readonly CheckpointSummary[]
  runs: readonly RunSummary[]
} {
  const unsettled = useEvaluate(state => state.draft)
  const checkpoints = useQuery('checkpoints.list', {}).data ?? none
  const runs = useQuery('runs.list', {}).data ?? none
  const corpora = useQuery('corpora.list', {}).data ?? none
  const sets = useQuery('demonstrations.list', {}).data ?? none
  const models = chosenModels(unsettled, checkpoints, runs)
  const worlds = models.map(model => worldOf(model, checkpoints, runs, corpora))
  const context: DraftContext = {
    models,
    world: worlds.find(world => world !== null) ?? null,
    sets: sets.filter(set => set.removedAt === null && set.rows > 0).map(set => set.id),
    trainedAgainst: trainedAgainst(
      checkpoints.find(({ id }) => id === unsettled.rewardModel),
      models,
      checkpoints,
      runs,
    ),
  }
  return { draft: settled(unsettled, context.world), context, checkpoints, runs }
}

export function StartPanel() {
  const { draft, context, checkpoints } = useDraftContext()
  const running = useQuery('evaluation.list', {}).data?.some(({ job }) => job !== null) ?? false
  const begin = useAction(() => startEvaluation(draft, context))
  const problem = running ? 'Another evaluation is asking' : draftProblem(draft, context)
  const start = () => {
    if (problem === null && !begin.busy) void begin.run()
  }
  const parts = partsFor(draft)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Ctrl+Enter works from every field
    <div
      onKeyDown={event => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) start()
      }}
    >
      <Stack gap="sm">
        <RecipePart title="Models">
          <ModelsField checkpoints={checkpoints} chosen={context.models} />
        </RecipePart>
        <RecipePart title="Prompts">
          <PromptFields draft={draft} context={context} />
        </RecipePart>
        <RecipePart title="What is measured">
          <Stack gap={6}>
            {partWords.map(({ part, title, meaning, needsWorld }) => {
              const out = needsWorld && draft.from !== 'starter-world'
              return (
                <Checkbox
                  key={part}
                  label={
                    <>
                      <Term meaning={meaning} focusable={false}>
                        {title}
                      </Term>
                      {out && (
                        <Text span fz="xs" c="dimmed">
                          {' '}
                          needs the starter world
                        </Text>
                      )}
                    </>
                  }
                  aria-label={title}
                  aria-description={meaning}
                  disabled={out}
                  checked={parts.includes(part)}
                  onChange={event =>
                    changeDraft({ parts: withOrWithout(draft.parts, part, event.currentTarget.checked) })
                  }
                />
              )
            })}
          </Stack>
        </RecipePart>
        {parts.includes('tournament') && (
          <RecipePart title="Judges of the tournament">
            <JudgeFields draft={draft} checkpoints={checkpoints} context={context} />
          </RecipePart>
        )}
        <TimeNote draft={draft} context={context} />
        <ErrorNote error={begin.error} onClose={begin.clear} />
        <ActionButton fullWidth loading={begin.busy} disabledReason={problem} onClick={start}>
          Evaluate
        </ActionButton>
      </Stack>
    </div>
  )
}
