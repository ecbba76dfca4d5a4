// Phase 1: train a base model, look at its data and its tokens, and let it complete text.
import { SegmentedControl, Text } from '@mantine/core'
import { type PretrainView, useApp } from '../../app-state.ts'
import { ScaleRuler } from '../../charts/scale-ruler.tsx'
import { PhaseFrame, PhaseLayout } from '../../components/phase-layout.tsx'
import { toastError } from '../../components/toast.tsx'
import { NowZone } from '../../components/training/now-zone.tsx'
import { PhaseRuns } from '../../components/training/phase-runs.tsx'
import { SamplesZone } from '../../components/training/samples-zone.tsx'
import { formatBytes, formatCompact, formatCount } from '../../format.ts'
import { phaseColor } from '../../phases.ts'
import { useQuery, useTopic } from '../../queries.ts'
import { foremost } from '../../run-status.ts'
import { CompleteView } from './complete/complete-view.tsx'
import { chooseCheckpoint } from './complete/completion-store.ts'
import { CorporaView } from './data/corpora-view.tsx'
import { TokensView } from './tokens/tokens-view.tsx'
import { showRunHere, takeWorld, useTrain } from './train/recipe-store.ts'
import { RecipeZone } from './train/recipe-zone.tsx'

const views = [
  { value: 'train', label: 'Train' },
  { value: 'data', label: 'Data' },
  { value: 'tokens', label: 'Tokens' },
  { value: 'complete', label: 'Complete' },
] as const satisfies readonly { value: PretrainView; label: string }[]

export function PretrainTab() {
  const { pretrainView: view, showPretrain: show } = useApp()
  const corpora = (useQuery('corpora.list', {}).data ?? []).filter(c => c.removedAt === null)
  const runs = (useQuery('runs.list', {}).data ?? []).filter(
    r => r.phase === 'pretrain' && r.removedAt === null,
  )
  const checkpoints = useQuery('checkpoints.list', {}).data ?? []
  const wanted = useTrain(s => s.run)
  const run = runs.find(r => r.id === wanted) ?? foremost(runs)
  useTopic('job', job => {
    if (job.kind === 'starter-world' && job.state === 'done') void takeWorld(job.result).catch(toastError)
  })

  const complete = () => {
    const newest = checkpoints
      .filter(c => c.run === run?.id && c.status === 'verified')
      .reduce<(typeof checkpoints)[number] | undefined>((a, c) => (a && a.step >= c.step ? a : c), undefined)
    if (newest) chooseCheckpoint(newest)
    show('complete')
  }

  const bytes = corpora.reduce((sum, c) => sum + c.bytes, 0)
  const tokens = runs.reduce((most, r) => Math.max(most, r.tokens), 0)
  const frame = {
    phase: 'pretrain' as const,
    have: {
      ...(corpora.length > 0
        ? {
            data: `${formatCount(corpora.length)} ${corpora.length === 1 ? 'source' : 'sources'}, ${formatBytes(bytes)}`,
          }
        : {}),
      ...(run ? { model: `${formatCompact(run.parameters)} parameters` } : {}),
      ...(tokens > 0 ? { scale: `yours: ${formatCompact(tokens)} tokens` } : {}),
    },
    actions: (
      <SegmentedControl
        aria-label="Views of pre-training"
        data={[...views]}
        value={view}
        onChange={value => show(value as PretrainView)}
      />
    ),
  }
  if (view !== 'train')
    return (
      <PhaseFrame {...frame}>
        {view === 'data' && <CorporaView />}
        {view === 'tokens' && <TokensView />}
        {view === 'complete' && <CompleteView onTrain={() => show('train')} />}
      </PhaseFrame>
    )
  return (
    <PhaseLayout
      {...frame}
      recipe={<RecipeZone onAddText={() => show('data')} />}
      now={<NowZone run={run} />}
      says={<SamplesZone run={run} onComplete={complete} />}
      runs={
        <>
          <PhaseRuns runs={runs} shown={run?.id} onShow={showRunHere} />
          <Text fz="xs" c="dimmed" fw={600} mt="md" mb={4}>
            Scale: training tokens read, each beside what the large models read
          </Text>
          <ScaleRuler
            marks={[
              ...(run ? [{ label: 'This run', tokens: run.tokens, color: phaseColor('pretrain') }] : []),
            ]}
          />
        </>
      }
    />
  )
}
