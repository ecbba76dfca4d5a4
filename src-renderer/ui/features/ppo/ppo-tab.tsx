// Phase 4: let the model try, reward what it says, and look at how: the run, its answers token by token, and whether people
// like what the reward likes.
import { SegmentedControl } from '@mantine/core'
import { useEffect } from 'react'
import type { RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { type PpoView, useApp } from '../../app-state.ts'
import { RewardByKl } from '../../charts/reward-by-kl.tsx'
import { ActionButton } from '../../components/action-button.tsx'
import { PhaseFrame, PhaseLayout } from '../../components/phase-layout.tsx'
import { AnswersZone } from '../../components/training/answers-zone.tsx'
import { NowZone } from '../../components/training/now-zone.tsx'
import { formatCompact, formatCount, formatCounted } from '../../format.ts'
import { useQuery } from '../../queries.ts'
import { foremost } from '../../run-status.ts'
import { AlarmView } from './alarm/alarm-view.tsx'
import { BreakNotice } from './alarm/break-notice.tsx'
import { BreakScreen } from './alarm/break-screen.tsx'
import { MicroscopeView } from './microscope/microscope-view.tsx'
import { PpoRuns } from './ppo-runs.tsx'
import { DoctorPanel } from './train/doctor-panel.tsx'
import { showRunHere, usePpo } from './train/recipe-store.ts'
import { RecipeZone } from './train/recipe-zone.tsx'

const views = [
  { value: 'train', label: 'Train' },
  { value: 'microscope', label: 'Microscope' },
  { value: 'alarm', label: 'Alarm' },
] as const satisfies readonly { value: PpoView; label: string }[]

const none: readonly never[] = []

export function PpoTab() {
  const { ppoView: view, showPpo: show } = useApp()
  const allRuns = useQuery('runs.list', {}).data ?? none
  const runs = allRuns.filter(run => run.phase === 'ppo' && run.removedAt === null)
  useAskedRun()
  const wanted = usePpo(s => s.run)
  const run = runs.find(each => each.id === wanted) ?? foremost(runs)
  const prompts = run?.data.ppo?.prompts
  const frame = {
    phase: 'ppo' as const,
    have: {
      ...(prompts
        ? { data: `${formatCounted(prompts.train, 'prompt')}, ${formatCount(prompts.validation)} held out` }
        : {}),
      ...(run ? { model: `${formatCompact(run.parameters)} parameters` } : {}),
      ...(prompts ? { scale: `yours: ${formatCount(prompts.train)}` } : {}),
    },
    actions: (
      <SegmentedControl
        aria-label="Views of reinforcement learning"
        data={[...views]}
        value={view}
        onChange={value => show(value as PpoView)}
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
          says={<AnswersZone phase="ppo" run={run} />}
          runs={<PpoRuns runs={runs} shown={run?.id} />}
        />
      ) : (
        <PhaseFrame {...frame}>
          {view === 'microscope' && <MicroscopeView run={run} />}
          {view === 'alarm' && <AlarmView run={run} />}
        </PhaseFrame>
      )}
      <BreakScreen />
    </>
  )
}

/** Brings the run on screen that another tab asked for. */
function useAskedRun(): void {
  const asked = useApp(state => state.ppoAsked)
  useEffect(() => {
    if (asked === null) return
    showRunHere(asked)
    useApp.setState({ ppoAsked: null })
  }, [asked])
}

function Now({ run }: { run: RunSummary | undefined }) {
  const { showPpo, askChat } = useApp()
  const checkpoints = useQuery('checkpoints.list', {}).data ?? none
  const canAnswer = checkpoints.some(each => each.run === run?.id && each.status === 'verified')
  const target = Number(run?.config.klTarget ?? 0)
  return (
    <>
      <NowZone
        run={run}
        references={target > 0 ? { kl: [{ value: target, label: 'target' }] } : undefined}
        remarks={
          run && (
            <>
              <BreakNotice run={run} />
              <DoctorPanel run={run} />
            </>
          )
        }
        next={
          run && (
            <>
              {canAnswer && (
                <ActionButton variant="default" onClick={() => askChat(run.id)}>
                  Chat with it
                </ActionButton>
              )}
              {run.step > 0 && (
                <ActionButton variant="default" onClick={() => showPpo('microscope')}>
                  Look at its answers
                </ActionButton>
              )}
            </>
          )
        }
      />
      {run && run.step > 0 && <RewardByKl run={run.id} />}
    </>
  )
}
