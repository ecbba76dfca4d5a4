// Phase 3: rank responses, train a model that scores as you ranked, read what it can judge, and try it.
import { SegmentedControl, Text } from '@mantine/core'
import { useEffect } from 'react'
import type { RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { type RewardView, useApp } from '../../app-state.ts'
import { ComparisonsRuler } from '../../charts/comparisons-ruler.tsx'
import { ActionButton } from '../../components/action-button.tsx'
import { PhaseFrame, PhaseLayout } from '../../components/phase-layout.tsx'
import { NowZone } from '../../components/training/now-zone.tsx'
import { formatCompact, formatCount, formatCounted } from '../../format.ts'
import { useQuery } from '../../queries.ts'
import { foremost } from '../../run-status.ts'
import { ceilingLabel } from './agreement-words.ts'
import { RankingBench } from './bench/ranking-bench.tsx'
import { PlaygroundView } from './playground/playground-view.tsx'
import { PreferenceDialogs } from './preferences/preference-dialogs.tsx'
import { PreferencesView } from './preferences/preferences-view.tsx'
import { chooseModel, useMeasured } from './report/measured.ts'
import { ReportView } from './report/report-view.tsx'
import { VerdictZone } from './report/verdict-zone.tsx'
import { RewardRuns } from './reward-runs.tsx'
import { setsOf } from './train/recipe.ts'
import { changeRecipe, showRunHere, useReward } from './train/recipe-store.ts'
import { RecipeZone } from './train/recipe-zone.tsx'

const views = [
  { value: 'train', label: 'Train' },
  { value: 'rankings', label: 'Rankings' },
  { value: 'report', label: 'Report' },
  { value: 'playground', label: 'Playground' },
] as const satisfies readonly { value: RewardView; label: string }[]

const none: readonly never[] = []

export function RewardTab() {
  const { rewardView: view, showReward: show } = useApp()
  const sets = (useQuery('preferences.list', {}).data ?? none).filter(set => set.removedAt === null)
  const allRuns = useQuery('runs.list', {}).data ?? none
  const runs = allRuns.filter(run => run.phase === 'reward' && run.removedAt === null)
  useAskedRun()
  const wanted = useReward(s => s.run)
  const recipe = useReward(s => s.recipe)
  const run = runs.find(each => each.id === wanted) ?? foremost(runs)
  const pairs = sets.reduce((sum, set) => sum + set.pairs, 0)
  const ranked = sets.reduce((sum, set) => sum + set.ranked, 0)
  const frame = {
    phase: 'reward' as const,
    have: {
      ...(ranked > 0
        ? { data: `${formatCounted(ranked, 'prompt')} ranked, ${formatCounted(pairs, 'pair')}` }
        : {}),
      ...(run ? { model: `${formatCompact(run.parameters)} parameters` } : {}),
      ...(pairs > 0 ? { scale: `yours: ${formatCount(pairs)}` } : {}),
    },
    actions: (
      <SegmentedControl
        aria-label="Views of reward modelling"
        data={[...views]}
        value={view}
        onChange={value => show(value as RewardView)}
      />
    ),
  }
  return (
    <>
      {view === 'train' ? (
        <PhaseLayout
          {...frame}
          recipe={<RecipeZone />}
          now={<Now run={run} />}
          says={<VerdictZone run={run} />}
          runs={
            <>
              <RewardRuns runs={runs} shown={run?.id} />
              <Text fz="xs" c="dimmed" fw={600} mt="md" mb={4}>
                Scale: comparisons of a winning and a losing response, on a logarithmic axis
              </Text>
              <ComparisonsRuler
                marks={[
                  { label: 'This run', pairs: pairsOf(run) },
                  { label: 'Your rankings', pairs },
                ]}
              />
            </>
          }
        />
      ) : (
        <PhaseFrame {...frame}>
          {view === 'rankings' && (
            <PreferencesView
              selected={setsOf(recipe, sets, allRuns).map(set => set.id)}
              onSelect={chosen => changeRecipe({ sets: chosen })}
            />
          )}
          {view === 'report' && <ReportView run={run} />}
          {view === 'playground' && <PlaygroundView run={run} />}
        </PhaseFrame>
      )}
      <PreferenceDialogs />
      <RankingBench />
    </>
  )
}

/** Brings the run on screen that another tab asked for. */
function useAskedRun(): void {
  const asked = useApp(state => state.rewardAsked)
  useEffect(() => {
    if (asked === null) return
    showRunHere(asked)
    chooseModel(null)
    useApp.setState({ rewardAsked: null })
  }, [asked])
}

function Now({ run }: { run: RunSummary | undefined }) {
  const showReward = useApp(state => state.showReward)
  const checkpoints = useQuery('checkpoints.list', {}).data ?? none
  const ceiling = useCeiling(run)
  const canScore = checkpoints.some(each => each.run === run?.id && each.status === 'verified')
  return (
    <NowZone
      run={run}
      references={
        ceiling ? { accuracy: [{ value: ceiling.share, label: ceilingLabel(ceiling) }] } : undefined
      }
      next={
        canScore && (
          <ActionButton variant="default" onClick={() => showReward('playground')}>
            Try it in the playground
          </ActionButton>
        )
      }
    />
  )
}

/** What the labels of a run agree in: as it was measured, else as its sets stand now. */
function useCeiling(run: RunSummary | undefined) {
  const { report } = useMeasured(run)
  const live = useQuery('preferences.list', {}).data ?? none
  const sets = run?.data.preferences?.sets
    .map(each => each.set)
    .filter(id => live.some(set => set.id === id && set.removedAt === null))
  const now = useQuery('preferences.agreement', sets && sets.length > 0 ? { sets } : null).data
  return (report?.agreement ?? now)?.ceiling ?? null
}

/** Comparisons that a run was made from. */
const pairsOf = (run: RunSummary | undefined): number =>
  (run?.data.preferences?.pairs.train ?? 0) + (run?.data.preferences?.pairs.validation ?? 0)
