// RECIPE of phase 2: the base, the demonstrations, the training fields, what it will cost, Start.
import { sftFields } from '../../../../../src-shared/config/sft-config.ts'
import { sftPresets } from '../../../../../src-shared/config/sft-presets.ts'
import type { DemonstrationSet } from '../../../../../src-shared/contract/demonstrations-contract.ts'
import type { CheckpointSummary, RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { ErrorNote } from '../../../components/error-note.tsx'
import { requestOf } from '../../../components/training/recipe.ts'
import { fieldProblem } from '../../../components/training/recipe-fields.ts'
import { RecipeForm } from '../../../components/training/recipe-form.tsx'
import { RecipePart } from '../../../components/training/recipe-part.tsx'
import { useKeptRecipe } from '../../../components/training/recipe-store.ts'
import { useEstimate } from '../../../components/training/use-estimate.ts'
import { useQuery } from '../../../queries.ts'
import { ExamplesFacts, MostRefused } from './examples-facts.tsx'
import { baseOf, obstacle, setsOf } from './recipe.ts'
import { BaseField, SetsField } from './recipe-data.tsx'
import { fineTuneStore, useFineTune } from './recipe-store.ts'

const none: readonly never[] = []

export function RecipeZone() {
  const checkpoints = useQuery('checkpoints.list', {}).data
  const sets = useQuery('demonstrations.list', {})
  const runs = useQuery('runs.list', {}).data ?? none
  useKeptRecipe(fineTuneStore)
  if (!checkpoints) return null
  return (
    <>
      <ErrorNote error={sets.error} retry={{ label: 'Try again', run: sets.refetch }} />
      <FineTuneRecipe checkpoints={checkpoints} sets={sets.data ?? none} runs={runs} />
    </>
  )
}

function FineTuneRecipe({
  checkpoints,
  sets,
  runs,
}: {
  checkpoints: readonly CheckpointSummary[]
  sets: readonly DemonstrationSet[]
  runs: readonly RunSummary[]
}) {
  const recipe = useFineTune(s => s.recipe)
  const base = baseOf(recipe, checkpoints)
  const chosen = setsOf(recipe, sets, runs)
  const wrongField = fieldProblem(sftFields, recipe.config)
  const asked = base && chosen.length > 0 ? requestOf(recipe, base, chosen) : null
  const cost = useEstimate('sft.estimate', wrongField ? null : asked)
  const examples = cost.estimate?.examples ?? null
  const problem = obstacle({
    start: base,
    wanted: recipe.checkpoint !== null,
    sets: chosen,
    wrongField,
    problems: (!cost.loading && cost.estimate?.problems) || null,
  })
  return (
    <RecipeForm
      store={fineTuneStore}
      fields={sftFields}
      presets={sftPresets}
      cost={cost}
      wrongField={wrongField}
      problem={problem}
      reads={asked && <ExamplesFacts examples={examples} />}
      warning={<MostRefused examples={asked && examples} />}
      onStart={() => void fineTuneStore.startRun(base!, chosen)}
    >
      <RecipePart title="Start from">
        <BaseField base={base} checkpoints={checkpoints} runs={runs} wanted={recipe.checkpoint} />
      </RecipePart>
      <RecipePart title="Demonstrations">
        <SetsField sets={sets} chosen={chosen} />
      </RecipePart>
    </RecipeForm>
  )
}
