// The fields of a new evaluation: models, prompts and judges.
import { Checkbox, Group, MultiSelect, Select, Stack, Text, Textarea, UnstyledButton } from '@mantine/core'
import type { CheckpointSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { temperatureText } from '../../charts/evaluated-model.ts'
import { checkpointLabel, usableModels } from '../../components/model-choice.ts'
import { NumberField } from '../../components/number-field.tsx'
import { visible } from '../../components/plain-text.tsx'
import { Term } from '../../components/term.tsx'
import { placeOf } from '../../components/training/checkpoint-place.ts'
import { phaseOf } from '../../phases.ts'
import { useQuery } from '../../queries.ts'
import { rewardModels } from '../../reward-reports.ts'
import { changeDraft, useEvaluate } from './evaluate-store.ts'
import {
  type DraftContext,
  type EvaluationDraft,
  type PromptsFrom,
  writingPhases,
} from './evaluation-draft.ts'

const none: readonly never[] = []

const promptsFrom: readonly { value: PromptsFrom; label: string }[] = [
  { value: 'starter-world', label: 'The starter world’s evaluation set' },
  { value: 'typed', label: 'Own text' },
  { value: 'demonstrations', label: 'Demonstrations, their prompts' },
]

/** The list with the item at its end, or without it. */
export const withOrWithout = <T,>(list: readonly T[], item: T, wanted: boolean): T[] =>
  wanted ? [...list.filter(each => each !== item), item] : list.filter(each => each !== item)

export function ModelsField({
  checkpoints,
  chosen,
}: {
  checkpoints: readonly CheckpointSummary[]
  chosen: readonly CheckpointSummary[]
}) {
  const own = useEvaluate(state => state.draft.models) !== null
  const usable = usableModels(checkpoints, writingPhases)
  return (
    <>
      <MultiSelect
        size="xs"
        aria-label="Models to compare"
        description={own ? undefined : 'The newest lineage: each model with the one it was made from.'}
        data={writingPhases.map(phase => ({
          group: phaseOf(phase).model,
          items: usable
            .filter(each => each.phase === phase)
            .map(each => ({ value: each.id, label: `${placeOf(each)}${each.best ? ' · best' : ''}` })),
        }))}
        value={chosen.map(({ id }) => id)}
        searchable
        hidePickedOptions
        comboboxProps={{ width: 380, position: 'bottom-start' }}
        onChange={models => changeDraft({ models })}
      />
      {own && (
        <UnstyledButton fz="xs" td="underline" mt={4} onClick={() => changeDraft({ models: null })}>
          Back to the newest lineage
        </UnstyledButton>
      )}
    </>
  )
}

export function PromptFields({ draft, context }: { draft: EvaluationDraft; context: DraftContext }) {
  const sets = (useQuery('demonstrations.list', {}).data ?? none).filter(set => context.sets.includes(set.id))
  return (
    <Stack gap="xs">
      <Select
        aria-label="Where the prompts come from"
        data={[...promptsFrom]}
        value={draft.from}
        onChange={from => changeDraft({ from: from as PromptsFrom })}
      />
      {draft.from === 'starter-world' && (
        <Select
          label={
            <Term meaning="“Test” was never looked at while anything was tuned: it is for what is reported. “Development” is for trying things out.">
              Split
            </Term>
          }
          aria-label="Split"
          data={[
            { value: 'test', label: 'Test: for what is reported' },
            { value: 'development', label: 'Development: for tuning' },
          ]}
          value={draft.split}
          onChange={split => changeDraft({ split: split as 'test' | 'development' })}
        />
      )}
      {draft.from === 'typed' && (
        <Textarea
          label="Prompts"
          description="one per line"
          autosize
          minRows={4}
          maxRows={12}
          spellCheck={false}
          value={draft.typed}
          onChange={event => changeDraft({ typed: event.currentTarget.value })}
        />
      )}
      {draft.from === 'demonstrations' && (
        <>
          {sets.map(set => (
            <Checkbox
              key={set.id}
              label={visible(set.name)}
              checked={draft.sets?.includes(set.id) ?? true}
              onChange={event =>
                changeDraft({
                  sets: withOrWithout(draft.sets ?? context.sets, set.id, event.currentTarget.checked),
                })
              }
            />
          ))}
          <NumberField
            label="Prompts at most"
            w={140}
            value={draft.limit}
            onChange={limit => changeDraft({ limit })}
          />
        </>
      )}
    </Stack>
  )
}

export function JudgeFields({
  draft,
  checkpoints,
  context,
}: {
  draft: EvaluationDraft
  checkpoints: readonly CheckpointSummary[]
  context: DraftContext
}) {
  const noOracle = draft.from !== 'starter-world'
  return (
    <Stack gap={6}>
      <Checkbox
        label={
          <Term
            meaning="The starter world’s labeler without noise: it knows what is true, and likes answers that are polite, brief and free of clickbait."
            focusable={false}
          >
            The starter world’s oracle
          </Term>
        }
        aria-label="The starter world’s oracle"
        disabled={noOracle}
        checked={draft.oracle && !noOracle}
        onChange={event => changeDraft({ oracle: event.currentTarget.checked })}
      />
      <Select
        aria-label="Reward model that judges"
        placeholder="no reward model judges"
        clearable
        searchable
        data={rewardModels(checkpoints).map(each => ({ value: each.id, label: checkpointLabel(each) }))}
        comboboxProps={{ width: 340, position: 'bottom-start' }}
        value={draft.rewardModel}
        onChange={rewardModel => changeDraft({ rewardModel, evenIfTrainedAgainst: false })}
      />
      {context.trainedAgainst.length > 0 && (
        <Checkbox
          label={`${context.trainedAgainst.map(each => visible(each.runName)).join(', ')} was trained to please it. Let it judge, marked as such.`}
          checked={draft.evenIfTrainedAgainst}
          onChange={event => changeDraft({ evenIfTrainedAgainst: event.currentTarget.checked })}
        />
      )}
      <Group gap="md">
        {[1, 0].map(temperature => (
          <Checkbox
            key={temperature}
            label={temperatureText(temperature)}
            checked={draft.temperatures.includes(temperature)}
            onChange={event =>
              changeDraft({
                temperatures: withOrWithout(
                  draft.temperatures,
                  temperature,
                  event.currentTarget.checked,
                ).sort((a, b) => b - a),
              })
            }
          />
        ))}
      </Group>
      <Text fz="xs" c="dimmed">
        You can vote blind on the same answers, whoever else judges.
      </Text>
    </Stack>
  )
}
