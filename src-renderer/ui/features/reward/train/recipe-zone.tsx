// RECIPE of phase 3: the fine-tuned model, the rankings, the training fields, what it will cost, Start.
import { useState } from 'react'
import { rewardFields } from '../../../../../src-shared/config/reward-config.ts'
import { rewardPresets } from '../../../../../src-shared/config/reward-presets.ts'
import type { CheckpointSummary, RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import type { PreferenceSet } from '../../../../../src-shared/contract/preferences-contract.ts'
import { requestOf } from '../../../components/training/recipe.ts'
import { fieldProblem } from '../../../components/training/recipe-fields.ts'
import { RecipeForm } from '../../../components/training/recipe-form.tsx'
import { RecipePart } from '../../../components/training/recipe-part.tsx'
import { useKeptRecipe } from '../../../components/training/recipe-store.ts'
import { TunedStartField } from '../../../components/training/tuned-start-field.tsx'
import { startOf } from '../../../components/training/tuned-starts.ts'
import { useEstimate } from '../../../components/training/use-estimate.ts'
import { useQuery } from '../../../queries.ts'
import { PreferencesPart } from '../preferences/preferences-part.tsx'
import { ComparisonFacts, FewPrompts } from './comparison-facts.tsx'
import { obstacle, setsOf } from './recipe.ts'
import { changeRecipe, rewardStore, useReward } from './recipe-store.ts'
import { RefusedPrompts } from './refused-prompts.tsx'
import { SimulatedDoor } from './simulated-door.tsx'

const none: readonly never[] = []

export function RecipeZone() {
  const checkpoints = useQuery('checkpoints.list', {}).data
  const sets = useQuery('preferences.list', {}).data ?? none
  const runs = useQuery('runs.list', {}).data ?? none
  useKeptRecipe(rewardStore)
  if (!checkpoints) return null
  return <RewardRecipe checkpoints={checkpoints} sets={sets} runs={runs} />
}

function RewardRecipe({
  checkpoints,
  sets,
  runs,
}: {
  checkpoints: readonly CheckpointSummary[]
  sets: readonly PreferenceSet[]
  runs: readonly RunSummary[]
}) {
  const recipe = useReward(s => s.recipe)
  const [refused, setRefused] = useState(false)
  const start = startOf(recipe, checkpoints)
  const chosen = setsOf(recipe, sets, runs)
  const paired = chosen.some(set => set.pairs > 0)
  const wrongField = fieldProblem(rewardFields, recipe.config)
  const asked = start && paired ? requestOf(recipe, start, chosen) : null
  const cost = useEstimate('reward.estimate', wrongField ? null : asked)
  const examples = cost.estimate?.examples ?? null
  const problem = obstacle({
    start,
    wanted: recipe.checkpoint !== null,
    sets: chosen,
    wrongField,
    problems: (!cost.loading && cost.estimate?.problems) || null,
  })
  return (
    <>
      <RecipeForm
        store={rewardStore}
        fields={rewardFields}
        presets={rewardPresets}
        cost={cost}
        wrongField={wrongField}
        problem={problem}
        reads={asked && <ComparisonFacts examples={examples} onRefused={() => setRefused(true)} />}
        warning={<FewPrompts examples={asked && examples} />}
        onStart={() => void rewardStore.startRun(start!, chosen)}
      >
        <RecipePart title="Start from">
          <TunedStartField
            start={start}
            checkpoints={checkpoints}
            runs={runs}
            wanted={recipe.checkpoint}
            use="its answers are what is ranked, and it becomes the reward model."
            onChoose={checkpoint => changeRecipe({ checkpoint })}
          />
        </RecipePart>
        <RecipePart title="Rankings">
          <PreferencesPart selected={chosen.map(set => set.id)} onSelect={sets => changeRecipe({ sets })} />
          {start && sets.every(set => set.removedAt !== null || set.pairs === 0) && (
            <SimulatedDoor start={start} sets={sets} />
          )}
        </RecipePart>
      </RecipeForm>
      {refused && asked && (
        <RefusedPrompts checkpoint={asked.checkpoint} sets={asked.sets} onClose={() => setRefused(false)} />
      )}
    </>
  )
}
