// The ranking bench: a prompt, K answers in an order that tells nothing, and keys that rank them in seconds. It lies over
// the whole window; leaving it loses nothing.
import { Modal, Select } from '@mantine/core'
import { useThrottledCallback } from '@mantine/hooks'
import { useEffect, useMemo, useRef, useState } from 'react'
import { type BenchAsk, useApp } from '../../../app-state.ts'
import { ErrorNote } from '../../../components/error-note.tsx'
import { PlainText, visible } from '../../../components/plain-text.tsx'
import { useConnection } from '../../../lab.ts'
import { useQuery, useTopic } from '../../../queries.ts'
import { AnswerCard, type CardRank } from './answer-card.tsx'
import classes from './bench.module.css'
import { NoCard } from './bench-ends.tsx'
import { BenchFoot, UndoFoot } from './bench-foot.tsx'
import { BenchHead } from './bench-head.tsx'
import type { BenchAction } from './bench-keys.ts'
import {
  changeDraft,
  enterObstacle,
  judge,
  leave,
  openFor,
  rankNext,
  refresh,
  undo,
  useBench,
} from './bench-store.ts'
import { saidBefore } from './bench-words.ts'
import { KeysList } from './keys-list.tsx'
import { dropAt, groupsOf, nudge, type OrderDraft, pressTie, takeBack, wholeOrder } from './order-draft.ts'
import { OrderStrip } from './order-strip.tsx'
import { PromptPanel } from './prompt-panel.tsx'
import { useBenchKeys } from './use-bench-keys.ts'
import { useLabeler } from './use-labeler.ts'

const NOT_CONNECTED =
  'The lab is not connected. The order on screen stays; it can be kept when the connection is back.'

/** Over the work in progress, under toasts. */
const OVER_EVERYTHING = 300

export function RankingBench() {
  const ask = useApp(state => state.bench)
  const closeBench = useApp(state => state.closeBench)
  return (
    <Modal.Root
      opened={ask !== null}
      onClose={closeBench}
      closeOnEscape={false}
      fullScreen
      zIndex={OVER_EVERYTHING}
      transitionProps={{ duration: 0 }}
    >
      <Modal.Content radius={0}>
        <Modal.Body p={0} h="100dvh">
          {ask && <Bench key={`${ask.set} ${ask.card}`} ask={ask} />}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

function Bench({ ask }: { ask: BenchAsk }) {
  const closeBench = useApp(state => state.closeBench)
  const { labeler, keptAs, choices, choose } = useLabeler(ask)
  const connected = useConnection(connection => connection.state === 'open')
  const { state, card, draft, busy, error, hint } = useBench()
  const set = useQuery('preferences.show', { set: ask.set }).data
  const [keysOpen, setKeysOpen] = useState(false)
  const [dragged, setDragged] = useState<number | null>(null)
  const body = useRef<HTMLDivElement>(null)
  const mending = ask.card !== null

  useEffect(() => {
    if (labeler !== null) void openFor(ask, keptAs, labeler)
    return leave
  }, [ask, labeler, keptAs])
  // What failed while the lab was away is asked again when it is back.
  useEffect(() => {
    if (connected && useBench.getState().error) void refresh()
  }, [connected])
  // Every batch that is sampled changes the set; who waits for a card sees it at once.
  const soon = useThrottledCallback(() => void refresh(), state?.card ? 1000 : 100)
  useTopic('changed', ({ what }) => {
    if (what === 'preferences') soon()
  })
  useTopic('job', job => {
    if (job.id === state?.sampling?.job && job.state !== 'running') soon()
  })
  // A new prompt is read from its beginning.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the card is what is new
  useEffect(() => {
    // Chromium answers a promise, which is no clean-up.
    void body.current?.scrollTo(0, 0)
  }, [card])

  const count = card?.order.length ?? 0
  const obstacle = !connected ? NOT_CONNECTED : card ? enterObstacle(draft, count) : null
  const ranks = useMemo(() => ranksByPlace(draft, count), [draft, count])

  const act = (action: BenchAction, target: HTMLElement): boolean => {
    if (keysOpen) {
      if (action.do !== 'leave') return false
      setKeysOpen(false)
      return true
    }
    const place = target.closest<HTMLElement>('[data-card]')?.dataset.card
    switch (action.do) {
      case 'rank':
        rankNext(action.place, action.tied)
        return true
      case 'tie':
        changeDraft(pressTie)
        return true
      case 'take-back':
        changeDraft(takeBack)
        return true
      case 'move':
        if (place === undefined) return false
        changeDraft((now, n) => nudge(now, Number(place), action.by, n))
        return true
      case 'next':
        // Enter presses the button that has the focus, but for a card whose order is whole.
        if (target.closest('button, a') && (place === undefined || obstacle !== null)) return false
        void judge('ranked')
        return true
      case 'skip':
        void judge('skipped')
        return true
      case 'all-bad':
        void judge('all-bad')
        return true
      case 'undo':
        void undo()
        return true
      case 'keys':
        setKeysOpen(true)
        return true
      case 'leave':
        closeBench()
        return true
    }
  }
  useBenchKeys(act)

  return (
    <div className={classes.bench} data-bench>
      <BenchHead
        title={
          <Modal.Title component="h1" className={classes.title}>
            {mending ? 'Mend a label: ' : 'Rank: '}
            {set && <PlainText text={set.name} />}
          </Modal.Title>
        }
        state={state}
        set={set}
        labeler={labeler ?? ''}
        mending={mending}
        onKeys={() => setKeysOpen(true)}
        onLeave={closeBench}
      />
      <div className={classes.body} ref={body} tabIndex={-1} data-autofocus data-busy={busy || undefined}>
        <ErrorNote error={error} retry={{ label: 'Try again', run: () => void refresh() }} />
        {choices.length > 0 && labeler !== null && (
          <Select
            label="Whose label"
            description={
              keptAs === labeler
                ? 'The label stays under this name, with what you say now.'
                : `What you say now is kept under your own name, ${visible(keptAs)}, and counts instead of this simulated label.`
            }
            w={420}
            mb="sm"
            comboboxProps={{ zIndex: OVER_EVERYTHING + 10 }}
            data={choices.map(name => ({ value: name, label: visible(name) }))}
            value={labeler}
            onChange={name => name && choose(name)}
          />
        )}
        {card ? (
          <>
            <PromptPanel messages={card.messages} />
            {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form control */}
            <div className={classes.cards} role="group" aria-label="Answers">
              {card.order.map((response, place) => (
                <AnswerCard
                  // biome-ignore lint/suspicious/noArrayIndexKey: a place stays, and keeps the focus, from card to card
                  key={place}
                  place={place}
                  response={card.responses[response]!}
                  rank={ranks[place] ?? null}
                  dragged={dragged === place}
                  onPress={tied => rankNext(place, tied)}
                  onDrag={setDragged}
                />
              ))}
            </div>
          </>
        ) : (
          state && !busy && !mending && <NoCard state={state} set={set} />
        )}
      </div>
      {card ? (
        <BenchFoot
          order={
            <OrderStrip
              draft={draft}
              count={count}
              dragged={dragged}
              onDrag={setDragged}
              onDrop={(place, rank, tied) => changeDraft((now, n) => dropAt(now, place, rank, tied, n))}
            />
          }
          hint={hint}
          note={
            connected ? noteOf(obstacle === null, saidBefore(card.ranking), draft, mending) : NOT_CONNECTED
          }
          away={!connected}
          busy={busy}
          mending={mending}
          canUndo={state?.canUndo ?? false}
          obstacle={obstacle}
          onNext={() => void judge('ranked')}
          onSkip={() => void judge('skipped')}
          onAllBad={() => void judge('all-bad')}
          onUndo={() => void undo()}
        />
      ) : (
        state && !mending && <UndoFoot canUndo={state.canUndo} onUndo={() => void undo()} />
      )}
      <KeysList opened={keysOpen} onClose={() => setKeysOpen(false)} />
    </div>
  )
}

function noteOf(whole: boolean, before: string | null, draft: OrderDraft, mending: boolean): string {
  if (whole) return `Every answer has a rank: Enter ${mending ? 'keeps it' : 'goes on'}.`
  if (before !== null && draft.placed.length === 0) return before
  return `Press numbers from best to worst; the last one left gets the ${draft.tieNext ? 'same' : 'last'} rank by itself.`
}

/** The rank of the answer in each place; those without one are left out. */
function ranksByPlace(draft: OrderDraft, count: number): Readonly<Record<number, CardRank>> {
  const placed = new Set(draft.placed.map(each => each.place))
  return Object.fromEntries(
    groupsOf(wholeOrder(draft, count)).flatMap((group, rank) =>
      group.map(place => [
        place,
        { rank: rank + 1, tied: group.length > 1, byItself: !placed.has(place) } satisfies CardRank,
      ]),
    ),
  )
}
