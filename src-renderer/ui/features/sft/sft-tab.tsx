// Phase 2: bring demonstrations, see what is trained on, fine-tune a base, and see what that changed.
import { SegmentedControl, Text } from '@mantine/core'
import type { RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { type SftView, useApp } from '../../app-state.ts'
import { PairsRuler } from '../../charts/pairs-ruler.tsx'
import { ActionButton } from '../../components/action-button.tsx'
import { PhaseFrame, PhaseLayout } from '../../components/phase-layout.tsx'
import { Term } from '../../components/term.tsx'
import { AnswersZone } from '../../components/training/answers-zone.tsx'
import { NowZone } from '../../components/training/now-zone.tsx'
import { madeFrom, PhaseRuns } from '../../components/training/phase-runs.tsx'
import type { Column } from '../../components/virtual-table.tsx'
import { describeMetric, formatCompact, formatCount, formatCounted, formatMetric } from '../../format.ts'
import { useQuery } from '../../queries.ts'
import { foremost } from '../../run-status.ts'
import { DemonstrationsView } from './demonstrations/demonstrations-view.tsx'
import { ExhibitView } from './exhibit/exhibit-view.tsx'
import { MaskView } from './mask/mask-view.tsx'
import { showRunHere, useFineTune } from './train/recipe-store.ts'
import { RecipeZone } from './train/recipe-zone.tsx'

const views = [
  { value: 'train', label: 'Train' },
  { value: 'demonstrations', label: 'Demonstrations' },
  { value: 'mask', label: 'Mask' },
  { value: 'exhibit', label: 'Question exhibit' },
] as const satisfies readonly { value: SftView; label: string }[]

export function SftTab() {
  const { sftView: view, showSft: show } = useApp()
  const sets = (useQuery('demonstrations.list', {}).data ?? []).filter(set => set.removedAt === null)
  const runs = (useQuery('runs.list', {}).data ?? []).filter(
    run => run.phase === 'sft' && run.removedAt === null,
  )
  const wanted = useFineTune(s => s.run)
  const run = runs.find(each => each.id === wanted) ?? foremost(runs)
  const rows = sets.reduce((sum, set) => sum + set.rows, 0)
  const pairs = pairsOf(run)
  const frame = {
    phase: 'sft' as const,
    have: {
      ...(sets.length > 0
        ? { data: `${formatCounted(sets.length, 'set')}, ${formatCounted(rows, 'pair')}` }
        : {}),
      ...(run ? { model: `${formatCompact(run.parameters)} parameters` } : {}),
      ...(rows > 0 ? { scale: `yours: ${formatCounted(rows, 'pair')}` } : {}),
    },
    actions: (
      <SegmentedControl
        aria-label="Views of fine-tuning"
        data={[...views]}
        value={view}
        onChange={value => show(value as SftView)}
      />
    ),
  }
  if (view !== 'train')
    return (
      <PhaseFrame {...frame}>
        {view === 'demonstrations' && <DemonstrationsView />}
        {view === 'mask' && <MaskView />}
        {view === 'exhibit' && <ExhibitView />}
      </PhaseFrame>
    )
  return (
    <PhaseLayout
      {...frame}
      recipe={<RecipeZone />}
      now={<NowZone run={run} next={<ChatWithIt run={run} />} />}
      says={<AnswersZone phase="sft" run={run} />}
      runs={
        <>
          <Runs runs={runs} shown={run?.id} />
          <Text fz="xs" c="dimmed" fw={600} mt="md" mb={4}>
            Scale: pairs of prompt and response, on a logarithmic axis
          </Text>
          <PairsRuler
            marks={[
              { label: 'This run', pairs },
              { label: 'Your demonstrations', pairs: rows },
            ]}
          />
        </>
      }
    />
  )
}

function ChatWithIt({ run }: { run: RunSummary | undefined }) {
  const askChat = useApp(state => state.askChat)
  const checkpoints = useQuery('checkpoints.list', {}).data ?? []
  if (!run || !checkpoints.some(each => each.run === run.id && each.status === 'verified')) return null
  return (
    <ActionButton variant="default" onClick={() => askChat(run.id)}>
      Chat with it
    </ActionButton>
  )
}

/** Demonstrations that a run was made from. */
const pairsOf = (run: RunSummary | undefined): number =>
  (run?.data.demonstrations?.train ?? 0) + (run?.data.demonstrations?.validation ?? 0)

function Runs({ runs, shown }: { runs: readonly RunSummary[]; shown: string | undefined }) {
  const checkpoints = useQuery('checkpoints.list', {}).data ?? []
  const own: readonly Column<RunSummary>[] = [
    {
      key: 'accuracy',
      header: <Term meaning={describeMetric('eval_mean_token_accuracy').meaning}>Accuracy</Term>,
      width: '76px',
      align: 'right',
      cell: run => formatMetric('eval_mean_token_accuracy', run.latest.eval_mean_token_accuracy),
    },
    {
      key: 'pairs',
      header: <Term meaning="Demonstrations that were trained on.">Pairs</Term>,
      width: '76px',
      align: 'right',
      cell: run => formatCount(run.data.demonstrations?.train ?? 0),
    },
    madeFrom(checkpoints, 'The checkpoint that it started from.'),
  ]
  return <PhaseRuns runs={runs} shown={shown} onShow={showRunHere} own={own} />
}
