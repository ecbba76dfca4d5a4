// The chat with everything around it: the list of conversations, the heads of the columns, the turns, the composer. An
// answer being written changes the conversation many times a second: what does not change with it keeps its props.
import { useMediaQuery } from '@mantine/hooks'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import { useShallow } from 'zustand/react/shallow'
import type { ChatTurn, Conversation } from '../../../../src-shared/contract/chat-contract.ts'
import type { CheckpointSummary, RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { ErrorNote } from '../../components/error-note.tsx'
import { toastError } from '../../components/toast.tsx'
import { call, useConnection } from '../../lab.ts'
import { useQuery } from '../../queries.ts'
import { turnSentence } from './answer-words.ts'
import { isHidden, underWay } from './blind.ts'
import classes from './chat.module.css'
import { ChatHead, ExportNote } from './chat-head.tsx'
import { beginNew, changeSetup, giveBack, promptOf, send, stopAll, useChat, write } from './chat-store.ts'
import { ColumnHeads, speedsOf } from './column-heads.tsx'
import { Composer, focusComposer } from './composer.tsx'
import { ConversationList } from './conversation-list.tsx'
import { Invitation, LineIncomplete, OnlyBase } from './invitation.tsx'
import { lackingMeasures } from './measure-words.ts'
import { MeasuredByLine } from './measured-by-line.tsx'
import { answerName, type Models, useModels } from './models.ts'
import { ObstaclesContext } from './obstacles.ts'
import type { LastTurn } from './run-slider.tsx'
import {
  type ChatSetup,
  chatModels,
  firstColumns,
  freshSetup,
  setupProblem,
  wholeLine,
  withoutGone,
} from './setup.ts'
import { SystemPrompt } from './system-prompt.tsx'
import { PendingPrompt, Turns } from './turns.tsx'
import { useChatKeys } from './use-chat-keys.ts'

const STILL_WRITING = 'The models are still writing; stop them or wait.'

export function ChatView({
  checkpoints,
  runs,
}: {
  checkpoints: readonly CheckpointSummary[]
  runs: readonly RunSummary[]
}) {
  const { id, pending, wantedList, coloring } = useChat(
    useShallow(state => ({
      id: state.conversation,
      pending: state.pending,
      wantedList: state.listOpen,
      coloring: state.coloring,
    })),
  )
  const wide = useMediaQuery('(min-width: 1101px)', true, { getInitialValueInEffect: false })
  const listOpen = wantedList ?? wide
  const shown = useQuery('chat.show', id === null ? null : { conversation: id })
  const conversation = id === null ? null : (shown.data ?? null)
  const setup = useSetup(conversation, checkpoints, runs)
  const models = useModels(checkpoints)
  const usable = useMemo(() => chatModels(checkpoints), [checkpoints])

  const running = conversation?.turns.some(underWay) ?? false
  const sending = pending?.conversation === id
  const onItsWay = pending ? 'The last message is being sent.' : null
  const obstacle = setupProblem(setup.columns, usable) ?? onItsWay
  const writing = onItsWay ?? (running ? STILL_WRITING : null)
  const obstacles = useMemo(() => ({ sending: obstacle ?? writing, writing }), [obstacle, writing])

  const last = useLastTurn(conversation)
  useMeasures(conversation)

  const latest = useRef({ conversation, setup })
  useLayoutEffect(() => {
    latest.current = { conversation, setup }
  })
  const onChange = useCallback((change: Partial<ChatSetup>) => {
    changeSetup(latest.current.conversation, latest.current.setup, change)
  }, [])
  const onSystem = useCallback((system: string) => onChange({ system }), [onChange])
  const onBranch = useCallback(
    (prompt: string, parent: number | null) => send(prompt, parent, latest.current.setup),
    [],
  )
  const onSend = useCallback((prompt: string) => {
    const { conversation, setup } = latest.current
    write('')
    void send(prompt, conversation?.turns.at(-1)?.id ?? null, setup).then(sent => {
      const now = useChat.getState()
      if (!sent && promptOf(now) === '') giveBack(prompt)
    })
  }, [])
  const onStop = useCallback(() => stopAll(latest.current.conversation), [])
  const onNew = useCallback(() => {
    beginNew(latest.current.setup)
    focusComposer()
  }, [])
  const line = useMemo(() => wholeLine(checkpoints, runs), [checkpoints, runs])
  const onLine = useCallback(() => {
    const { conversation, setup } = latest.current
    const { columns } = line
    useChat.setState({ missingTold: line.missing !== null })
    if ((conversation?.turns.length ?? 0) > 0) beginNew({ ...setup, columns })
    else onChange({ columns })
    focusComposer()
  }, [line, onChange])
  const onOpened = useCallback(() => {
    // It lies over the chat there.
    if (!wide) useChat.setState({ listOpen: null })
  }, [wide])

  const box = useRef<HTMLDivElement>(null)
  useChatKeys(box, latest, conversation?.turns.at(-1), setup.blind)
  return (
    <div className={classes.chat} ref={box}>
      {listOpen ? <ConversationList onNew={onNew} onOpened={onOpened} /> : <span />}
      <div className={classes.main}>
        <ChatHead
          conversation={id}
          title={conversation?.title ?? null}
          begun={(conversation?.turns.length ?? 0) > 0}
          setup={setup}
          checkpoints={checkpoints}
          listOpen={listOpen}
          onChange={onChange}
          onLine={onLine}
        />
        <ExportNote conversation={id} />
        <ObstaclesContext value={obstacles}>
          <div className={classes.setup}>
            <div className={classes.setupLine}>
              <SystemPrompt value={setup.system} onChange={onSystem} />
              <MeasuredByLine setup={setup} checkpoints={checkpoints} models={models} />
            </div>
            <ColumnHeads
              setup={setup}
              begun={(conversation?.turns.length ?? 0) > 0}
              speeds={speedsOf(conversation)}
              checkpoints={checkpoints}
              runs={runs}
              models={models}
              last={last}
              onChange={onChange}
            />
          </div>
          <OnlyBase models={usable} />
          <LineIncomplete missing={line.missing} />
          {conversation ? (
            <Turns
              key={conversation.id}
              conversation={conversation}
              setup={setup}
              models={models}
              pending={sending ? pending : null}
              coloring={coloring}
              onBranch={onBranch}
            />
          ) : (
            <section className={classes.turns} aria-label="Messages">
              <ErrorNote error={shown.error} retry={{ label: 'Try again', run: shown.refetch }} />
              {sending && pending ? <PendingPrompt prompt={pending.prompt} /> : id === null && <Invitation />}
            </section>
          )}
        </ObstaclesContext>
        <Told conversation={conversation} models={models} blind={setup.blind} />
        <Composer
          columns={setup.columns.length}
          running={running}
          obstacle={obstacle}
          onSend={onSend}
          onStop={onStop}
        />
      </div>
    </div>
  )
}

/** The newest turn as the heads of the columns need it: the same object while it is written. */
function useLastTurn(conversation: Conversation | null): LastTurn | null {
  const turn = conversation?.turns.at(-1)
  const known = turn && [turn.id, turn.seed, ...checkpointsIn(turn)].join()
  // The text stands for what is in it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  return useMemo(
    () => (turn ? { turn: turn.id, seed: turn.seed, checkpoints: checkpointsIn(turn) } : null),
    [known],
  )
}

/** Of each column; a turn may have had fewer. */
const checkpointsIn = ({ answers }: ChatTurn): (string | undefined)[] =>
  Array.from(
    { length: Math.max(0, ...answers.map(({ column }) => column + 1)) },
    (_, i) => answers.find(({ column }) => column === i)?.checkpoint,
  )

/** What is shown is measured, as soon as it is written; after the lab was away, again. */
function useMeasures(conversation: Conversation | null): void {
  const id = conversation?.id
  const lacking = lackingMeasures(conversation)
  const connection = useConnection(({ state }) => state)
  useEffect(() => {
    if (id !== undefined && lacking !== '' && connection === 'open')
      void call('chat.measure', { conversation: id }).catch(toastError)
  }, [id, lacking, connection])
}

/** Of the open conversation, of the one that is being prepared, or what is proposed. */
function useSetup(
  conversation: Conversation | null,
  checkpoints: readonly CheckpointSummary[],
  runs: readonly RunSummary[],
): ChatSetup {
  const drafted = useChat(state => state.setup)
  const proposed = useMemo(
    (): ChatSetup => ({ ...freshSetup, columns: firstColumns(checkpoints, runs) }),
    [checkpoints, runs],
  )
  const draft = useMemo(
    (): ChatSetup | null =>
      drafted && {
        ...drafted,
        columns: withoutGone(drafted.columns, chatModels(checkpoints), proposed.columns),
      },
    [drafted, checkpoints, proposed],
  )
  const { columns, system, linked, blind } = conversation ?? draft ?? proposed
  return useMemo(() => ({ columns, system, linked, blind }), [columns, system, linked, blind])
}

/** The state of the newest turn, for those who cannot see it. */
function Told({
  conversation,
  models,
  blind,
}: {
  conversation: Conversation | null
  models: Models
  blind: boolean
}) {
  const last = conversation?.turns.at(-1)
  const hidden = useChat(state => last !== undefined && isHidden(last, blind, state.seen))
  const names = hidden ? null : (last?.answers.map(answer => answerName(answer, models)) ?? [])
  return (
    <p className="visually-hidden" role="status">
      {last && turnSentence(last.answers, names)}
    </p>
  )
}
