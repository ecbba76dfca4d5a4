// The blind tournament: a prompt, two answers without names, one key for the better one. It lies over the whole window;
// leaving it loses nothing, and who leads is told only when one asks, or at the end.
import { ActionIcon, Group, Kbd, Modal, Progress, Text, Tooltip } from '@mantine/core'
import { X } from 'lucide-react'
import { useEffect } from 'react'
import { ownName } from '../../../../../src-shared/preferences/labeler-name.ts'
import { useSettings } from '../../../app-state.ts'
import { ActionButton } from '../../../components/action-button.tsx'
import classes from '../../../components/blind/blind.module.css'
import { BlindPair } from '../../../components/blind/blind-pair.tsx'
import { useBlindKeys } from '../../../components/blind/use-blind-keys.ts'
import { ErrorNote } from '../../../components/error-note.tsx'
import { formatCount } from '../../../format.ts'
import { useConnection } from '../../../lab.ts'
import { useQuery } from '../../../queries.ts'
import { reveal, useEvaluate } from '../evaluate-store.ts'
import { Revealed } from './revealed.tsx'
import { castVote, leaveTournament, openTournament, refreshPair, undoVote, useVotes } from './votes-store.ts'

/** Over the work in progress, under toasts. */
const OVER_EVERYTHING = 300
const leave = () => useEvaluate.setState({ voting: null })

export function BlindTournament() {
  const evaluation = useEvaluate(state => state.voting)
  return (
    <Modal.Root
      opened={evaluation !== null}
      onClose={leave}
      closeOnEscape={false}
      fullScreen
      zIndex={OVER_EVERYTHING}
      transitionProps={{ duration: 0 }}
    >
      <Modal.Content radius={0}>
        <Modal.Body p={0} h="100dvh">
          {evaluation !== null && <Tournament key={evaluation} evaluation={evaluation} />}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

function Tournament({ evaluation }: { evaluation: string }) {
  const settings = useQuery('settings.all', {}).data
  const labeler = ownName(useSettings().labeler)
  const connected = useConnection(connection => connection.state === 'open')
  const { state, busy, error } = useVotes()
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
      <header className={classes.head}>
        <Modal.Title component="h1" className={classes.title}>
          Which answer is better?
        </Modal.Title>
        {state && (
          <div className={classes.progress}>
            <span className="tabular" data-testid="voted">
              {formatCount(state.done)} of {formatCount(state.total)} pairs
            </span>
            <Progress
              aria-label="Pairs voted on"
              size={4}
              mt={2}
              value={state.total > 0 ? (100 * state.done) / state.total : 0}
            />
          </div>
        )}
        <Tooltip label="Leave (Esc); every vote is kept">
          <ActionIcon ml="auto" aria-label="Leave the tournament" onClick={leave}>
            <X size={16} />
          </ActionIcon>
        </Tooltip>
      </header>
      <div className={classes.body} tabIndex={-1} data-autofocus data-busy={busy || undefined}>
        <ErrorNote error={error} retry={{ label: 'Try again', run: () => void refreshPair() }} />
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
          <ActionButton variant="default" rightSection={key('T')} onClick={() => void castVote('tie')}>
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
