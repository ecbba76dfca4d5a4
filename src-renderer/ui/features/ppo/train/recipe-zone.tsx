// RECIPE of phase 4: the fine-tuned model, what is rewarded, the prompts, the training fields, what it will cost, Start.
import { useEffect, useRef } from 'react'
import { ppoFields } from '../../../../../src-shared/config/ppo-config.ts'
import { ppoPresets } from '../../../../../src-shared/config/ppo-presets.ts'
import type { CheckpointSummary, RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { useApp } from '../../../app-state.ts'
import { ErrorNote } from '../../../components/error-note.tsx'
import { PromptSourceFields } from '../../../components/prompts/prompt-source-fields.tsx'
import { fieldProblem } from '../../../components/training/recipe-fields.ts'
import { RecipeForm } from '../../../components/training/recipe-form.tsx'
import { RecipePart } from '../../../components/training/recipe-part.tsx'
import { useKeptRecipe } from '../../../components/training/recipe-store.ts'
import { TunedStartField } from '../../../components/training/tuned-start-field.tsx'
import { startOf } from '../../../components/training/tuned-starts.ts'
import { useEstimate } from '../../../components/training/use-estimate.ts'
import { type GivenFile, grantFiles } from '../../../grant-files.ts'
import { useAction, useQuery } from '../../../queries.ts'
import { rewardModels, useReports } from '../../../reward-reports.ts'
import { worldOf } from '../../../starter-world.ts'
import { PromptFacts } from './prompt-facts.tsx'
import { dataProblem, ppoObstacle, ppoRequestOf, proposedPrompts } from './recipe.ts'
import { changeRecipe, ppoStore, usePpo } from './recipe-store.ts'
import { orderedModels, proposedRewards } from './rewards.ts'
import { RewardsField } from './rewards-field.tsx'

const none: readonly never[] = []

export function RecipeZone() {
  const checkpoints = useQuery('checkpoints.list', {}).data
  const runs = useQuery('runs.list', {}).data
  useKeptRecipe(ppoStore)
  if (!checkpoints || !runs) return null
  return <PpoRecipeForm checkpoints={checkpoints} runs={runs} />
}

function PpoRecipeForm({
  checkpoints,
  runs,
}: {
  checkpoints: readonly CheckpointSummary[]
  runs: readonly RunSummary[]
}) {
  const recipe = usePpo(s => s.recipe)
  const corpora = useQuery('corpora.list', {}).data ?? none
  const demonstrations = useQuery('demonstrations.list', {}).data ?? none
  const start = startOf(recipe, checkpoints)
  const models = rewardModels(checkpoints)
  const verdicts = useReports(models).flatMap(({ data }) =>
    data ? [[data.checkpoint, data.verdict.level] as const] : [],
  )
  const around = {
    demonstrations,
    world: start ? worldOf(start, checkpoints, runs, corpora) : null,
    models: orderedModels(start, models, new Map(verdicts), checkpoints, runs),
    lost: runs.some(run => run.phase === 'reward' && run.removedAt !== null),
  }
  const prompts = recipe.prompts ?? proposedPrompts(around)
  const rewards = recipe.rewards ?? proposedRewards(around)
  const wrongData = dataProblem(prompts, rewards, around)
  const wrongField = fieldProblem(ppoFields, recipe.config)
  const asked = start && !wrongData ? ppoRequestOf(recipe, start, prompts, rewards, around) : null
  const cost = useEstimate('ppo.estimate', wrongField ? null : asked)
  const addFiles = usePromptFiles(files =>
    changeRecipe({ prompts: { ...prompts, from: 'files', files: [...prompts.files, ...files] } }),
  )
  const problem = ppoObstacle({
    start,
    wanted: recipe.checkpoint !== null,
    data: wrongData,
    wrongField,
    problems: (!cost.loading && cost.estimate?.problems) || null,
  })
  return (
    <RecipeForm
      store={ppoStore}
      fields={ppoFields}
      presets={ppoPresets}
      cost={cost}
      wrongField={wrongField}
      problem={problem}
      reads={asked && <PromptFacts prompts={cost.estimate?.prompts ?? null} estimate={cost.estimate} />}
      warning={null}
      onStart={() => void ppoStore.startRun(start!, asked!)}
    >
      <RecipePart title="Start from">
        <TunedStartField
          start={start}
          checkpoints={checkpoints}
          runs={runs}
          wanted={recipe.checkpoint}
          use="it is what tries here, and what it must not drift away from."
          onChoose={checkpoint => changeRecipe({ checkpoint })}
        />
      </RecipePart>
      <RecipePart title="Rewards">
        <RewardsField
          rewards={rewards}
          around={around}
          onChange={changed => changeRecipe({ rewards: changed })}
        />
      </RecipePart>
      <RecipePart title="Prompts">
        <PromptSourceFields
          draft={prompts}
          demonstrations={demonstrations}
          world={around.world}
          onChange={change => changeRecipe({ prompts: { ...prompts, ...change } })}
          onAddFiles={given => void addFiles.run(given)}
          adding={addFiles.busy}
          accent="violet"
          narrow
        />
        <ErrorNote error={addFiles.error} onClose={addFiles.clear} />
      </RecipePart>
    </RecipeForm>
  )
}

/** Files that were picked, or dropped on the window while this is on screen, on their way to the core. */
function usePromptFiles(add: (files: readonly { file: string; name: string }[]) => void) {
  const addFiles = useAction(async (given: readonly GivenFile[]) => {
    const ids = await grantFiles(given)
    add(ids.map((file, i) => ({ file, name: given[i]!.path })))
  })
  const dropped = useApp(state => state.promptFiles)
  const latest = useRef(addFiles.run)
  latest.current = addFiles.run
  useEffect(() => {
    if (!dropped) return
    useApp.setState({ promptFiles: null })
    void latest.current(dropped)
  }, [dropped])
  return addFiles
}
