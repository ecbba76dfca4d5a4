// RECIPE of phase 2: the base, the demonstrations, the training fields, what it will cost, Start.
import { Anchor, Checkbox, Loader, Select, Stack, Text, TextInput } from '@mantine/core'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { sftFields } from '../../../../../src-shared/config/sft-config.ts'
import { sftPresets } from '../../../../../src-shared/config/sft-presets.ts'
import type { DemonstrationSet } from '../../../../../src-shared/contract/demonstrations-contract.ts'
import type { CheckpointSummary, RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { useApp } from '../../../app-state.ts'
import { ActionButton } from '../../../components/action-button.tsx'
import { ConfigForm } from '../../../components/config-form.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { checkpointLabel } from '../../../components/model-choice.ts'
import { visible } from '../../../components/plain-text.tsx'
import { EstimateBox } from '../../../components/training/estimate-box.tsx'
import {
  bringIntoView,
  RecipePart,
  StartBar,
  useNewRunFocus,
} from '../../../components/training/recipe-part.tsx'
import { formatCount, formatCounted } from '../../../format.ts'
import { useQuery } from '../../../queries.ts'
import { baseOptions, baseSentence, shortPlace } from '../base-choice.ts'
import { ExamplesFacts, MostRefused } from './examples-facts.tsx'
import { baseOf, ESTIMATING, fieldProblem, obstacle, presetOf, requestOf, setsOf } from './recipe.ts'
import { RECIPE_SETTING } from './recipe-storage.ts'
import { changeRecipe, clearStartError, openRecipe, startRun, useFineTune } from './recipe-store.ts'
import { useEstimate } from './use-estimate.ts'

const none: readonly never[] = []

export function RecipeZone() {
  const checkpoints = useQuery('checkpoints.list', {}).data
  const sets = useQuery('demonstrations.list', {})
  const runs = useQuery('runs.list', {}).data ?? none
  const settings = useQuery('settings.all', {}).data
  useEffect(() => {
    if (settings) openRecipe(settings[RECIPE_SETTING])
  }, [settings])
  if (!checkpoints) return null
  return (
    <>
      <ErrorNote error={sets.error} retry={{ label: 'Try again', run: sets.refetch }} />
      <RecipeForm checkpoints={checkpoints} sets={sets.data ?? none} runs={runs} />
    </>
  )
}

function RecipeForm({
  checkpoints,
  sets,
  runs,
}: {
  checkpoints: readonly CheckpointSummary[]
  sets: readonly DemonstrationSet[]
  runs: readonly RunSummary[]
}) {
  const recipe = useFineTune(s => s.recipe)
  const zone = useNewRunFocus()
  const base = baseOf(recipe, checkpoints)
  const chosen = setsOf(recipe, sets, runs)
  const wrongField = fieldProblem(recipe)
  const cost = useEstimate(base && chosen.length > 0 && !wrongField ? requestOf(recipe, base, chosen) : null)
  const problems = wrongField ? none : (cost.estimate?.problems ?? none)
  const problem = obstacle({
    base,
    wanted: recipe.checkpoint !== null,
    sets: chosen,
    wrongField,
    problems: cost.loading || !cost.estimate ? null : problems,
  })
  const [waiting, setWaiting] = useState(false)
  const start = () => {
    // Pressed right after a change: it starts as soon as the estimate says that it can.
    setWaiting(problem === ESTIMATING)
    if (problem !== null || !base) return
    bringIntoView(zone.current?.closest('main'), '[aria-label="Now"]')
    void startRun(base, chosen)
  }
  const latest = useRef(start)
  latest.current = start
  useEffect(() => {
    if (waiting && problem !== ESTIMATING) latest.current()
  }, [waiting, problem])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Ctrl+Enter works from every field of the recipe
    <div
      ref={zone}
      onKeyDown={event => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) start()
      }}
    >
      <Stack gap="md">
        <RecipePart title="Start from">
          <Base base={base} checkpoints={checkpoints} runs={runs} wanted={recipe.checkpoint} />
        </RecipePart>
        <RecipePart title="Demonstrations">
          <Sets sets={sets} chosen={chosen} />
        </RecipePart>
        <RecipePart title="Training">
          <Select
            aria-label="Preset"
            placeholder="Start from a preset …"
            data={Object.entries(sftPresets).map(([value, { title }]) => ({ value, label: title }))}
            value={presetOf(recipe)}
            description={sftPresets[presetOf(recipe) ?? '']?.meaning}
            inputWrapperOrder={['input', 'description']}
            clearable
            onChange={key => changeRecipe({ config: key ? { ...sftPresets[key]!.config } : {} })}
          />
          <ConfigForm
            fields={sftFields}
            values={recipe.config}
            onChange={config => changeRecipe({ config })}
          />
        </RecipePart>
        <TextInput
          label="Name of the run"
          placeholder="chosen for you"
          maxLength={120}
          value={recipe.name}
          onChange={event => changeRecipe({ name: event.currentTarget.value })}
        />
      </Stack>
      <StartBar>
        {base && chosen.length > 0 && (
          <Stale while={cost.loading && !wrongField}>
            <EstimateBox
              estimate={cost.estimate}
              problems={problems}
              error={wrongField ? null : cost.error}
              wrongField={wrongField}
              reads={<ExamplesFacts examples={cost.estimate?.examples ?? null} />}
            />
          </Stale>
        )}
        <MostRefused examples={(base && chosen.length > 0 && cost.estimate?.examples) || null} />
        <Starting problem={problem} waiting={waiting} onStart={start} />
      </StartBar>
    </div>
  )
}

/** Figures of before a change, until those of after it are there. */
const Stale = ({ while: stale, children }: { while: boolean; children: ReactNode }) => (
  <div style={stale ? { opacity: 0.5 } : undefined} aria-busy={stale}>
    {children}
  </div>
)

function Base({
  base,
  checkpoints,
  runs,
  wanted,
}: {
  base: CheckpointSummary | undefined
  checkpoints: readonly CheckpointSummary[]
  runs: readonly RunSummary[]
  /** The person's own choice. */
  wanted: string | null
}) {
  const options = baseOptions(checkpoints)
  const whole = new Map(options.flatMap(({ items }) => items.map(({ value, label }) => [value, label])))
  const short = options.map(({ group, items }) => ({
    group,
    items: items.map(({ value }) => ({
      value,
      label: shortPlace(checkpoints.find(each => each.id === value)!),
    })),
  }))
  if (options.length === 0)
    return (
      <Text fz="sm" c="dimmed">
        No base model yet.{' '}
        <Anchor
          component="button"
          type="button"
          fz="sm"
          onClick={() => useApp.getState().showPretrain('train')}
        >
          Train one in phase 1
        </Anchor>
        : fine-tuning teaches a model to answer, with what it has learnt there.
      </Text>
    )
  return (
    <Select
      aria-label="Base model"
      data={short}
      renderOption={({ option }) => (
        <Text inherit style={{ overflowWrap: 'anywhere' }}>
          {whole.get(option.value)}
        </Text>
      )}
      comboboxProps={{ width: 340, position: 'bottom-start' }}
      value={base?.id ?? null}
      title={base && checkpointLabel(base)}
      placeholder="Choose a base"
      searchable
      error={
        !base && wanted !== null
          ? 'The chosen checkpoint is gone: a run keeps its newest ones and its best.'
          : undefined
      }
      description={base && baseSentence(base, checkpoints, runs)}
      inputWrapperOrder={['input', 'description', 'error']}
      onChange={checkpoint => changeRecipe({ checkpoint })}
    />
  )
}

function Sets({ sets, chosen }: { sets: readonly DemonstrationSet[]; chosen: readonly DemonstrationSet[] }) {
  const showSft = useApp(state => state.showSft)
  const live = sets.filter(set => set.removedAt === null)
  if (live.length === 0)
    return (
      <Text fz="sm" c="dimmed">
        None yet.{' '}
        <Anchor component="button" type="button" fz="sm" onClick={() => showSft('demonstrations')}>
          Import, write or take some
        </Anchor>
        , or drop a file in this window.
      </Text>
    )
  const ids = chosen.map(set => set.id)
  return (
    <Stack gap={4}>
      {live.map(set => (
        <Checkbox
          key={set.id}
          label={`${visible(set.name)} · ${formatCounted(set.rows, 'row')}`}
          checked={ids.includes(set.id)}
          onChange={event =>
            changeRecipe({
              sets: event.currentTarget.checked ? [...ids, set.id] : ids.filter(id => id !== set.id),
            })
          }
        />
      ))}
      {chosen.length > 1 && (
        <Text fz="xs" c="dimmed" className="tabular">
          {formatCount(chosen.reduce((sum, set) => sum + set.rows, 0))} rows in all
        </Text>
      )}
    </Stack>
  )
}

function Starting({
  problem,
  waiting,
  onStart,
}: {
  problem: string | null
  /** For the estimate, to start then. */
  waiting: boolean
  onStart: () => void
}) {
  const { starting, error } = useFineTune()
  const estimating = problem === ESTIMATING
  return (
    <Stack gap={6} mt={6}>
      <ErrorNote error={error} onClose={clearStartError} />
      <ActionButton
        fullWidth
        onClick={onStart}
        loading={starting}
        leftSection={estimating && <Loader size={12} color="white" aria-hidden />}
        disabledReason={starting || estimating ? null : problem}
      >
        Start
        {estimating && (
          <span aria-hidden>{waiting ? '\u00a0· right after the estimate' : '\u00a0· estimating …'}</span>
        )}
      </ActionButton>
      <span className="visually-hidden" role="status">
        {estimating ? ESTIMATING : ''}
      </span>
    </Stack>
  )
}
