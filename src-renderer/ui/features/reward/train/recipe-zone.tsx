// RECIPE of phase 3: the fine-tuned model, the rankings, the training fields, what it will cost, Start.
import { Select, Stack, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { rewardFields } from '../../../../../src-shared/config/reward-config.ts'
import { rewardPresets } from '../../../../../src-shared/config/reward-presets.ts'
import type { CheckpointSummary, RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import type { PreferenceSet } from '../../../../../src-shared/contract/preferences-contract.ts'
import { ConfigForm } from '../../../components/config-form.tsx'
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
import { PreferencesPart } from '../preferences/preferences-part.tsx'
import { ComparisonFacts, FewPrompts } from './comparison-facts.tsx'
import { obstacle, requestOf, setsOf, startOf } from './recipe.ts'
import { RECIPE_SETTING } from './recipe-storage.ts'
import { changeRecipe, clearStartError, openRecipe, startRun, useReward } from './recipe-store.ts'
import { RefusedPrompts } from './refused-prompts.tsx'
import { SimulatedDoor } from './simulated-door.tsx'
import { StartField } from './start-field.tsx'

const none: readonly never[] = []

export function RecipeZone() {
  const checkpoints = useQuery('checkpoints.list', {}).data
  const sets = useQuery('preferences.list', {}).data ?? none
  const runs = useQuery('runs.list', {}).data ?? none
  const settings = useQuery('settings.all', {}).data
  useEffect(() => {
    if (settings) openRecipe(settings[RECIPE_SETTING])
  }, [settings])
  if (!checkpoints) return null
  return <RecipeForm checkpoints={checkpoints} sets={sets} runs={runs} />
}

function RecipeForm({
  checkpoints,
  sets,
  runs,
}: {
  checkpoints: readonly CheckpointSummary[]
  sets: readonly PreferenceSet[]
  runs: readonly RunSummary[]
}) {
  const { recipe, starting, error } = useReward()
  const zone = useNewRunFocus()
  const [refused, setRefused] = useState(false)
  const start = startOf(recipe, checkpoints)
  const chosen = setsOf(recipe, sets, runs)
  const paired = chosen.some(set => set.pairs > 0)
  const wrongField = fieldProblem(rewardFields, recipe.config)
  const asked = start && paired ? requestOf(recipe, start, chosen) : null
  const cost = useEstimate('reward.estimate', wrongField ? null : asked)
  const problems = wrongField ? none : (cost.estimate?.problems ?? none)
  const problem = obstacle({
    start,
    wanted: recipe.checkpoint !== null,
    sets: chosen,
    wrongField,
    problems: cost.loading || !cost.estimate ? null : problems,
  })
  const { start: press, waiting } = useStart(problem, () => {
    bringIntoView(zone.current?.closest('main'), '[aria-label="Now"]')
    void startRun(start!, chosen)
  })
  const examples = (asked && cost.estimate?.examples) || null
  const preset = presetOf(rewardPresets, recipe.config)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Ctrl+Enter works from every field of the recipe
    <div
      ref={zone}
      onKeyDown={event => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) press()
      }}
    >
      <Stack gap="md">
        <RecipePart title="Start from">
          <StartField start={start} checkpoints={checkpoints} runs={runs} wanted={recipe.checkpoint} />
        </RecipePart>
        <RecipePart title="Rankings">
          <PreferencesPart selected={chosen.map(set => set.id)} onSelect={sets => changeRecipe({ sets })} />
          {start && sets.every(set => set.removedAt !== null || set.pairs === 0) && (
            <SimulatedDoor start={start} sets={sets} />
          )}
        </RecipePart>
        <RecipePart title="Training">
          <Select
            aria-label="Preset"
            mb="xs"
            placeholder="Start from a preset …"
            data={Object.entries(rewardPresets).map(([value, { title }]) => ({ value, label: title }))}
            value={preset}
            description={rewardPresets[preset ?? '']?.meaning}
            inputWrapperOrder={['input', 'description']}
            clearable
            onChange={key => changeRecipe({ config: key ? { ...rewardPresets[key]!.config } : {} })}
          />
          <ConfigForm
            fields={rewardFields}
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
        {asked && (
          <Stale while={cost.loading && !wrongField}>
            <EstimateBox
              estimate={cost.estimate}
              problems={problems}
              error={wrongField ? null : cost.error}
              wrongField={wrongField}
              reads={
                <ComparisonFacts
                  examples={cost.estimate?.examples ?? null}
                  onRefused={() => setRefused(true)}
                />
              }
            />
          </Stale>
        )}
        <FewPrompts examples={examples} />
        <StartButton
          problem={problem}
          waiting={waiting}
          starting={starting}
          error={error}
          onStart={press}
          onCloseError={clearStartError}
        />
      </StartBar>
      {refused && asked && (
        <RefusedPrompts checkpoint={asked.checkpoint} sets={asked.sets} onClose={() => setRefused(false)} />
      )}
    </div>
  )
}
