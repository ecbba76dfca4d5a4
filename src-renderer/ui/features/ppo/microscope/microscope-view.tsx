// MICROSCOPE: one answer that an update learnt from, token by token. PageUp and PageDown step through the updates.
import { ActionIcon, Slider, Stack, Text, Tooltip } from '@mantine/core'
import { useWindowEvent } from '@mantine/hooks'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import type { Rollout } from '../../../../../src-shared/contract/ppo-contract.ts'
import { useApp } from '../../../app-state.ts'
import { EmptyState } from '../../../components/empty-state.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { Facts, Panel } from '../../../components/panel.tsx'
import { PlainText } from '../../../components/plain-text.tsx'
import { Term } from '../../../components/term.tsx'
import { joined } from '../../../components/token-text.ts'
import { formatCount, formatNumber } from '../../../format.ts'
import { useQueries, useQuery, useTopic } from '../../../queries.ts'
import { klOf } from './lanes.ts'
import { LossFormulas } from './loss-formulas.tsx'
import classes from './microscope.module.css'
import { TokenLanes } from './token-lanes.tsx'

export function MicroscopeView({ run }: { run: RunSummary | undefined }) {
  const showPpo = useApp(state => state.showPpo)
  const kept = useQuery('ppo.rollouts', run ? { run: run.id } : null)
  // A running run keeps more with every update.
  useTopic('points', points => {
    if (points.run === run?.id) kept.refetch()
  })
  if (!run)
    return (
      <EmptyState
        title="Nothing to look at yet"
        action={{ label: 'Start a run', run: () => showPpo('train') }}
      >
        Every update keeps a few of the answers that it learnt from. Here they lie under a microscope: how
        likely each token was, what it was charged, what was expected and how it was moved.
      </EmptyState>
    )
  return (
    <Stack p="md" gap="md">
      <ErrorNote error={kept.error} retry={{ label: 'Try again', run: kept.refetch }} />
      {kept.data?.length === 0 && (
        <EmptyState title="No answers yet">The first ones come with the first update.</EmptyState>
      )}
      {kept.data && kept.data.length > 0 && <Updates key={run.id} run={run} kept={kept.data} />}
    </Stack>
  )
}

interface Kept {
  readonly step: number
  readonly rollouts: number
}

function Updates({ run, kept }: { run: RunSummary; kept: readonly Kept[] }) {
  /** null = the newest. */
  const [step, setStep] = useState<number | null>(null)
  const [index, setIndex] = useState(0)
  const found = kept.findIndex(each => each.step === step)
  const at = found === -1 ? kept.length - 1 : found
  const update = kept[at]!
  const goTo = (place: number) => {
    const wanted = Math.min(kept.length - 1, Math.max(0, place))
    setStep(wanted === kept.length - 1 ? null : kept[wanted]!.step)
  }
  useWindowEvent('keydown', event => {
    const by = { PageUp: -1, PageDown: 1 }[event.key]
    if (by === undefined || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    if ((event.target as HTMLElement).closest?.('input, textarea, [role="dialog"]')) return
    event.preventDefault()
    goTo(at + by)
  })
  const rollouts = useQueries(
    'ppo.rollout',
    Array.from({ length: update.rollouts }, (_, i) => ({ run: run.id, step: update.step, index: i })),
  )
  const chosen = Math.min(index, update.rollouts - 1)
  const rollout = rollouts[chosen]?.data
  return (
    <>
      <div className={classes.stepper}>
        <Tooltip label="Earlier update (Page Up)">
          <ActionIcon aria-label="Earlier update" disabled={at === 0} onClick={() => goTo(at - 1)}>
            <ChevronLeft size={16} />
          </ActionIcon>
        </Tooltip>
        <Slider
          color="violet"
          size="sm"
          min={0}
          max={Math.max(1, kept.length - 1)}
          step={1}
          value={at}
          label={place => `update ${formatCount(kept[Math.min(place, kept.length - 1)]!.step)}`}
          thumbLabel="Update"
          disabled={kept.length < 2}
          onChange={goTo}
        />
        <Tooltip label="Later update (Page Down)">
          <ActionIcon
            aria-label="Later update"
            disabled={at === kept.length - 1}
            onClick={() => goTo(at + 1)}
          >
            <ChevronRight size={16} />
          </ActionIcon>
        </Tooltip>
        <Text fz="sm" className="tabular" role="status">
          Update {formatCount(update.step)} of {formatCount(run.steps)}
        </Text>
      </div>
      <div className={classes.columns}>
        <Stack gap="md">
          <Panel title="Answers kept of it">
            <div className={classes.answers}>
              {rollouts.map(({ data }, i) => (
                <AnswerChoice
                  // biome-ignore lint/suspicious/noArrayIndexKey: answers have no other name than their place
                  key={i}
                  rollout={data}
                  pressed={i === chosen}
                  onChoose={() => setIndex(i)}
                />
              ))}
            </div>
          </Panel>
          <Panel title="What PPO minimises">
            <LossFormulas config={run.config} />
          </Panel>
        </Stack>
        <Panel title="Token by token">
          <ErrorNote error={rollouts[chosen]?.error ?? null} />
          {rollout && <OneAnswer rollout={rollout} whitenRewards={run.config.whitenRewards === true} />}
        </Panel>
      </div>
    </>
  )
}

/** An answer without the token that ended it. */
export const answerText = ({ response }: Pick<Rollout, 'response'>): string =>
  joined(response.filter(piece => !piece.special))

function AnswerChoice({
  rollout,
  pressed,
  onChoose,
}: {
  rollout: Rollout | undefined
  pressed: boolean
  onChoose: () => void
}) {
  return (
    <button type="button" className={classes.answer} aria-pressed={pressed} onClick={onChoose}>
      <span className={classes.asked}>
        {rollout ? (
          <PlainText text={joined(rollout.prompt.filter(piece => !piece.special)).replaceAll('\n', ' ')} />
        ) : (
          '…'
        )}
      </span>
      <span>{rollout ? <PlainText text={answerText(rollout) || '(nothing)'} /> : '…'}</span>
      <span className="tabular" title="Reward of the answer">
        {rollout && formatNumber(rollout.score, 3)}
      </span>
    </button>
  )
}

function OneAnswer({ rollout, whitenRewards }: { rollout: Rollout; whitenRewards: boolean }) {
  const { prompt, response, stopped, score, klCoef } = rollout
  const kl = klOf(rollout)
  return (
    <Stack gap="sm">
      <p className={classes.prompt}>
        <Text span inherit c="dimmed">
          <PlainText text={joined(prompt)} />
        </Text>
        <strong>
          <PlainText text={joined(response)} />
        </strong>
      </p>
      <TokenLanes key={`${rollout.step} ${rollout.index}`} rollout={rollout} whitenRewards={whitenRewards} />
      <Facts
        facts={[
          { name: 'Score', value: `${formatNumber(score, 3)}${stopped ? '' : ', the missing end charged'}` },
          {
            name: 'KL',
            value: (
              <Term meaning="Σ log π(token) − log π_SFT(token) over the answer. Of one answer it may be below 0; its mean over many may not.">
                {`${formatNumber(kl, 3)} nats, which cost ${formatNumber(klCoef * kl, 3)}`}
              </Term>
            ),
          },
          { name: 'Score − β·KL', value: formatNumber(score - klCoef * kl, 3) },
          {
            name: 'Length',
            value: `${formatCount(response.length)} tokens, ${stopped ? 'ended by itself' : 'cut off'}`,
          },
        ]}
      />
    </Stack>
  )
}
