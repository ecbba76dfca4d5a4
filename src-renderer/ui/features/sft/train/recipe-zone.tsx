// RECIPE of phase 2: the base, the demonstrations, the training fields, what it will cost, Start.
import { Select, Stack, TextInput } from '@mantine/core'
import { useEffect } from 'react'
import { sftFields } from '../../../../../src-shared/config/sft-config.ts'
import { sftPresets } from '../../../../../src-shared/config/sft-presets.ts'
import type { DemonstrationSet } from '../../../../../src-shared/contract/demonstrations-contract.ts'
import type { CheckpointSummary, RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { ConfigForm } from '../../../components/config-form.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { EstimateBox } from '../../../components/training/estimate-box.tsx'
import { fieldProblem, presetOf } from '../../../components/training/recipe-fields.ts'
import {
  bringIntoView,
  RecipePart,
  StartBar,
  useNewRunFocus,
} from '../../../components/training/recipe-part.tsx'
import { Stale, StartButton, useStart } from '../../../components/training/start-button.tsx'
import { useEstimate } from '../../../components/training/use-estimate.ts'
import { useQuery } from '../../../queries.ts'
import { ExamplesFacts, MostRefused } from './examples-facts.tsx'
import { baseOf, obstacle, requestOf, setsOf } from './recipe.ts'
import { BaseField, SetsField } from './recipe-data.tsx'
import { RECIPE_SETTING } from './recipe-storage.ts'
import { changeRecipe, clearStartError, openRecipe, startRun, useFineTune } from './recipe-store.ts'

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
  const wrongField = fieldProblem(sftFields, recipe.config)
  const cost = useEstimate(
    'sft.estimate',
    base && chosen.length > 0 && !wrongField ? requestOf(recipe, base, chosen) : null,
  )
  const problems = wrongField ? none : (cost.estimate?.problems ?? none)
  const problem = obstacle({
    base,
    wanted: recipe.checkpoint !== null,
    sets: chosen,
    wrongField,
    problems: cost.loading || !cost.estimate ? null : problems,
  })
  const { starting, error } = useFineTune()
  const { start, waiting } = useStart(problem, () => {
    bringIntoView(zone.current?.closest('main'), '[aria-label="Now"]')
    void startRun(base!, chosen)
  })
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
          <BaseField base={base} checkpoints={checkpoints} runs={runs} wanted={recipe.checkpoint} />
        </RecipePart>
        <RecipePart title="Demonstrations">
          <SetsField sets={sets} chosen={chosen} />
        </RecipePart>
        <RecipePart title="Training">
          <Select
            aria-label="Preset"
            mb="xs"
            placeholder="Start from a preset …"
            data={Object.entries(sftPresets).map(([value, { title }]) => ({ value, label: title }))}
            value={presetOf(sftPresets, recipe.config)}
            description={sftPresets[presetOf(sftPresets, recipe.config) ?? '']?.meaning}
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
        <StartButton
          problem={problem}
          waiting={waiting}
          starting={starting}
          error={error}
          onStart={start}
          onCloseError={clearStartError}
        />
      </StartBar>
    </div>
  )
}
