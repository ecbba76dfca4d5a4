// A blind A/B break: ten prompts, each with the fine-tuned model's answer and the policy's, without names. It lies over the
// whole window; leaving it loses nothing, and who was preferred is told at its end.
import { Group, Kbd, Text } from '@mantine/core'
import type { WinRate } from '../../../../../src-shared/contract/ppo-contract.ts'
import { rateText } from '../../../charts/win-rate-points.tsx'
import { ActionButton } from '../../../components/action-button.tsx'
import classes from '../../../components/blind/blind.module.css'
import { BlindHead, BlindWindow } from '../../../components/blind/blind-frame.tsx'
import { BlindPair } from '../../../components/blind/blind-pair.tsx'
import { useBlindKeys } from '../../../components/blind/use-blind-keys.ts'
import { ErrorNote } from '../../../components/error-note.tsx'
import { formatCount, formatCounted } from '../../../format.ts'
import { useQuery } from '../../../queries.ts'
import { goOn, leaveBreak, refreshBreak, undoInBreak, useBreak, voteInBreak } from './break-store.ts'
import { votesMean } from './standing.ts'

const sides = { left: 'a', right: 'b', tie: 'tie' } as const

export function BreakScreen() {
  const open = useBreak(state => state.ask !== null)
  return (
    <BlindWindow opened={open} onLeave={leaveBreak}>
      {open && <Break />}
    </BlindWindow>
  )
}

function Break() {
  const { ask, pair, voted, until, over, busy, error } = useBreak()
  const evaluations = useQuery('ppo.evaluations', ask && { run: ask.run }).data
  const evaluation = evaluations?.find(({ step }) => step === ask?.step)
  useBlindKeys(action => {
    if (action.do === 'leave') leaveBreak()
    else if (action.do === 'undo') void undoInBreak()
    else if (action.do === 'vote' && action.choice !== 'skip') void voteInBreak(sides[action.choice])
  })
  return (
    <div className={classes.tournament}>
      <BlindHead done={voted} total={until} color="violet" leave="Leave the break" onLeave={leaveBreak} />
      <div className={classes.body} tabIndex={-1} data-autofocus data-busy={busy || undefined}>
        <ErrorNote error={error} retry={{ label: 'Try again', run: () => void refreshBreak() }} />
        {pair && (
          <BlindPair
            messages={pair.messages}
            left={{ text: pair.a }}
            right={{ text: pair.b }}
            onChoose={side => void voteInBreak(sides[side])}
          />
        )}
        {over && ask && <Told step={ask.step} voted={voted} person={evaluation?.person ?? null} />}
      </div>
      <footer className={classes.foot}>
        {pair && <Votes />}
        <ActionButton
          variant="default"
          rightSection={<Kbd size="xs">U</Kbd>}
          disabledReason={voted > 0 ? null : 'Nothing to undo yet'}
          onClick={() => void undoInBreak()}
        >
          Undo
        </ActionButton>
        {over && (
          <Group ml="auto" gap="sm">
            {evaluation && voted > 0 && voted < evaluation.pairs && (
              <ActionButton variant="default" onClick={() => void goOn()}>
                Compare more
              </ActionButton>
            )}
            <ActionButton color="violet" onClick={leaveBreak}>
              Back to the run
            </ActionButton>
          </Group>
        )}
      </footer>
    </div>
  )
}

const Votes = () => (
  <>
    {(
      [
        ['1', 'A is better', 'a'],
        ['2', 'B is better', 'b'],
        ['0', 'Tie', 'tie'],
      ] as const
    ).map(([key, label, choice]) => (
      <ActionButton
        key={key}
        color="violet"
        variant={choice === 'tie' ? 'default' : 'filled'}
        rightSection={<Kbd size="xs">{key}</Kbd>}
        onClick={() => void voteInBreak(choice)}
      >
        {label}
      </ActionButton>
    ))}
  </>
)

function Told({ step, voted, person }: { step: number; voted: number; person: WinRate | null }) {
  if (voted === 0)
    return (
      <Text ta="center" mt="lg" fw={600} role="status">
        There is nothing to compare: both models say the same to every held-out prompt.
      </Text>
    )
  return (
    <section className={classes.revealed} aria-label="Your votes" role="status">
      <Text fw={600}>
        {formatCounted(voted, 'vote')} on update {formatCount(step)}
      </Text>
      <Text fz="sm" mt={4}>
        You preferred the answers of the model in training to the fine-tuned model’s in {rateText(person)}
        {person && person.ties > 0 ? `; ${formatCounted(person.ties, 'tie')}` : ''}.
      </Text>
      <Text fz="sm" c="dimmed" mt={4}>
        {person && votesMean(person)} Of the checkpoints that are there, the one that your votes speak best
        of, by the low end of the interval, is kept.
      </Text>
    </section>
  )
}
