// The blind tournament: a prompt, two answers without names, one key for the better one. It lies over the whole window;
// leaving it loses nothing, and who leads is told only when one asks, or at the end.
import { Group, Kbd, Text } from '@mantine/core'
import { useEffect } from 'react'
import { ownName } from '../../../../../src-shared/preferences/labeler-name.ts'
import { useSettings } from '../../../app-state.ts'
import { ActionButton } from '../../../components/action-button.tsx'
import classes from '../../../components/blind/blind.module.css'
import { BlindHead, BlindWindow } from '../../../components/blind/blind-frame.tsx'
import { BlindPair } from '../../../components/blind/blind-pair.tsx'
import { useBlindKeys } from '../../../components/blind/use-blind-keys.ts'
import { ErrorNote } from '../../../components/error-note.tsx'
import { useConnection } from '../../../lab.ts'
import { useQuery } from '../../../queries.ts'
import { reveal, useEvaluate } from '../evaluate-store.ts'
import { Revealed } from './revealed.tsx'
import { castVote, leaveTournament, openTournament, refreshPair, undoVote, useVotes } from './votes-store.ts'

const leave = () => useEvaluate.setState({ voting: null })

export function BlindTournament() {
  const evaluation = useEvaluate(state => state.voting)
  return (
    <BlindWindow opened={evaluation !== null} onLeave={leave}>
      {evaluation !== null && <Tournament key={evaluation} evaluation={evaluation} />}
    </BlindWindow>
  )
}

function Tournament({ evaluation }: { evaluation: string }) {
  const settings = useQuery('settings.all', {}).data
  const labeler = ownName(useSettings().labeler)
  const connected = useConnection(connection => connection.state === 'open')
  const { state, busy, error, notice } = useVotes()
  const revealed = useEvaluate(all => all.revealed.includes(evaluation))
  const known = settings !== undefined
  useEffect(() => {
    if (known) void openTournament(evaluation, labeler)
    return leaveTournament
  }, [evaluation, labeler, known])
  // What failed while the lab was away is asked again when it is back.
  useEffect(() => {
    if (connected && useVotes.getState().error) void refreshPair()
  }, [connected])

  useBlindKeys(action => {
    if (action.do === 'vote') void castVote(action.choice)
    else if (action.do === 'undo') void undoVote()
    else if (action.do === 'reveal') reveal(evaluation)
    else leave()
  })
  const pair = state?.pair ?? null
  const over = state !== null && pair === null
  return (
    <div className={classes.tournament}>
      <BlindHead
        done={state?.done ?? 0}
        total={state?.total ?? null}
        leave="Leave the tournament"
        onLeave={leave}
      />
      <div className={classes.body} tabIndex={-1} data-autofocus data-busy={busy || undefined}>
        <ErrorNote error={error} retry={{ label: 'Try again', run: () => void refreshPair() }} />
        {notice && (
          <Text fz="sm" c="var(--lab-warn)" ta="center" role="status">
            ▲ {notice}
          </Text>
        )}
        {pair && <BlindPair {...pair} onChoose={choice => void castVote(choice)} />}
        {over && (
          <Text fw={600} fz="lg" ta="center" mt="lg">
            {state.total === 0 ? 'There is nothing to compare: all answers are alike' : 'All voted'}
          </Text>
        )}
        {(revealed || over) && (state?.total ?? 0) > 0 && (
          <Revealed evaluation={evaluation} labeler={labeler} isOver={over} />
        )}
      </div>
      <Foot
        voting={pair !== null}
        canUndo={state?.canUndo ?? false}
        revealed={revealed || over}
        onReveal={() => reveal(evaluation)}
      />
    </div>
  )
}

function Foot({
  voting,
  canUndo,
  revealed,
  onReveal,
}: {
  voting: boolean
  canUndo: boolean
  revealed: boolean
  onReveal: () => void
}) {
  const key = (name: string) => <Kbd size="xs">{name}</Kbd>
  return (
    <footer className={classes.foot}>
      {voting && (
        <>
          <ActionButton rightSection={key('1')} onClick={() => void castVote('left')}>
            A is better
          </ActionButton>
          <ActionButton rightSection={key('2')} onClick={() => void castVote('right')}>
            B is better
          </ActionButton>
          <ActionButton variant="default" rightSection={key('0')} onClick={() => void castVote('tie')}>
            Tie
          </ActionButton>
          <ActionButton variant="default" rightSection={key('S')} onClick={() => void castVote('skip')}>
            Skip
          </ActionButton>
        </>
      )}
      <ActionButton
        variant="default"
        rightSection={key('U')}
        disabledReason={canUndo ? null : 'Nothing to undo yet'}
        onClick={() => void undoVote()}
      >
        Undo
      </ActionButton>
      <Group ml="auto" gap="sm">
        {!revealed && (
          <ActionButton variant="subtle" rightSection={key('R')} onClick={onReveal}>
            Reveal who leads
          </ActionButton>
        )}
      </Group>
    </footer>
  )
}
