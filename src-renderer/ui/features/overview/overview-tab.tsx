// The four phases as they stand in this workspace: what each has, what it makes, the one next step; the scale below.
import { Text } from '@mantine/core'
import { useState } from 'react'
import { ComparisonsRuler } from '../../charts/comparisons-ruler.tsx'
import { PairsRuler } from '../../charts/pairs-ruler.tsx'
import { ScaleRuler } from '../../charts/scale-ruler.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { phaseColor } from '../../phases.ts'
import { useQuery } from '../../queries.ts'
import { reportOfRun, rewardModels, useReports } from '../../reward-reports.ts'
import { BuildOffer } from './build/build-offer.tsx'
import { BuildPanel, focusOpenReport } from './build/build-panel.tsx'
import { ReportPage } from './build/report-page.tsx'
import { DeviceLine } from './device-line.tsx'
import { FirstSteps } from './first-steps.tsx'
import classes from './overview.module.css'
import { PretrainCard } from './phase-card.tsx'
import { PpoCard } from './ppo-card.tsx'
import { summarisePpo } from './ppo-standing.ts'
import { RewardCard } from './reward-card.tsx'
import { summariseReward } from './reward-standing.ts'
import { SftCard } from './sft-card.tsx'
import { summariseSft } from './sft-standing.ts'
import { needsFirstSteps, summarise } from './standing.ts'

const none: readonly never[] = []

export function OverviewTab() {
  const corpora = useQuery('corpora.list', {})
  const runs = useQuery('runs.list', {})
  const tokenizers = useQuery('tokenizers.list', {})
  const sets = useQuery('demonstrations.list', {})
  const checkpoints = useQuery('checkpoints.list', {})
  const preferences = useQuery('preferences.list', {})
  const engine = useQuery('engine.status', {}).data
  const { data: built, error: notShown } = useQuery('build.show', {})
  const [reading, setReading] = useState<string | null>(null)
  const [lastRead, setLastRead] = useState<string | null>(null)
  const models = rewardModels(checkpoints.data ?? none)
  const reports = useReports(models).flatMap(({ data }) => (data ? [data] : []))
  const lists = [corpora, runs, tokenizers, sets, checkpoints, preferences]
  const failed = lists.find(({ data, error }) => data === undefined && error !== null)
  if (failed)
    return (
      <div className={classes.overview}>
        <ErrorNote error={failed.error} retry={{ label: 'Try again', run: failed.refetch }} />
      </div>
    )
  // Before a list is there it would be called empty.
  if (!corpora.data || !runs.data || !tokenizers.data || !sets.data || !checkpoints.data || !preferences.data)
    return null
  if (!built && !notShown) return null
  if (reading !== null) {
    const close = () => {
      setReading(null)
      setLastRead(reading)
      requestAnimationFrame(() => focusOpenReport(reading))
    }
    return <ReportPage build={reading} onClose={close} />
  }
  const standing = summarise(corpora.data, tokenizers.data, runs.data)
  const sft = summariseSft(sets.data, corpora.data, checkpoints.data, runs.data)
  const reward = summariseReward(preferences.data, checkpoints.data, runs.data)
  return (
    <div className={classes.overview}>
      <header className={classes.header}>
        <h1>From text to an assistant, in four phases</h1>
        <DeviceLine status={engine} />
      </header>
      <ErrorNote error={notShown} />
      {built?.build ? (
        <BuildPanel
          build={built.build}
          expected={built.expectedMinutes}
          lastRead={lastRead}
          onRead={setReading}
        />
      ) : needsFirstSteps(standing) ? (
        <FirstSteps made={standing.starterWorld} expected={built?.expectedMinutes} />
      ) : (
        built && <BuildOffer expected={built.expectedMinutes} />
      )}
      <ol className={classes.phases} aria-label="The four phases">
        <PretrainCard standing={standing} />
        <SftCard standing={sft} />
        <RewardCard
          standing={reward}
          report={reward.model ? reportOfRun(reward.model.id, models, reports) : undefined}
        />
        <PpoCard standing={summarisePpo(checkpoints.data, runs.data)} />
      </ol>
      <section className={classes.scale} aria-label="Scale">
        <h2>
          Scale{' '}
          <Text span c="dimmed" fz="xs" fw={400}>
            training tokens on a logarithmic axis; a book is 500 pages, 500 K tokens
          </Text>
        </h2>
        <ScaleRuler
          marks={[
            { label: 'Your text', tokens: standing.estimatedTokens, color: phaseColor('pretrain') },
            {
              label: 'Read by your largest run',
              tokens: standing.mostTokensRead,
              color: phaseColor('pretrain'),
            },
          ]}
        />
        {sft.pairs > 0 && (
          <>
            <h2>
              Demonstrations{' '}
              <Text span c="dimmed" fz="xs" fw={400}>
                pairs of prompt and response on a logarithmic axis
              </Text>
            </h2>
            <PairsRuler marks={[{ label: 'Yours', pairs: sft.pairs }]} />
          </>
        )}
        {reward.pairs > 0 && (
          <>
            <h2>
              Comparisons{' '}
              <Text span c="dimmed" fz="xs" fw={400}>
                pairs of a winning and a losing response on a logarithmic axis
              </Text>
            </h2>
            <ComparisonsRuler marks={[{ label: 'Yours', pairs: reward.pairs }]} />
          </>
        )}
      </section>
    </div>
  )
}
