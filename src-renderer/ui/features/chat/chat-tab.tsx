// Chat: up to four checkpoints side by side, one message to all. The article's point is seen here: a base model completes,
// an assistant answers.
import { useWindowEvent } from '@mantine/hooks'
import { useCallback, useEffect, useMemo, useRef } from 'react'
import type { CheckpointSummary, RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { useApp } from '../../app-state.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { useQuery } from '../../queries.ts'
import { turnSentence } from './answer-words.ts'
import { isHidden, isShuffled, placesOf, underWay, voteByKey, voteObstacle } from './blind.ts'
import classes from './chat.module.css'
import { ChatHead, ExportNote } from './chat-head.tsx'
import { beginNew, changeSetup, send, stopAll, useChat, write } from './chat-store.ts'
import { ColumnHeads } from './column-heads.tsx'
import { Composer, focusComposer } from './composer.tsx'
import { ConversationList } from './conversation-list.tsx'
import { Invitation, OnlyBase } from './invitation.tsx'
import { answerName, useModels } from './models.ts'
import { type ChatSetup, chatModels, firstColumns, setupOf, setupProblem } from './setup.ts'
import { SystemPrompt } from './system-prompt.tsx'
import { castVote } from './turn-view.tsx'
import { PendingPrompt, Turns } from './turns.tsx'

export function ChatTab() {
  const checkpoints = useQuery('checkpoints.list', {})
  const runs = useQuery('runs.list', {})
  const conversations = useQuery('chat.list', {})
  const newRun = useApp(state => state.newRun)
  const error = checkpoints.error ?? runs.error
  if (!checkpoints.data || !runs.data)
    return error ? (
      <div style={{ padding: 'var(--mantine-spacing-md)' }}>
        <ErrorNote error={error} retry={{ label: 'Try again', run: checkpoints.refetch }} />
      </div>
    ) : null
  if (chatModels(checkpoints.data).length === 0 && (conversations.data ?? []).length === 0)
    return (
      <EmptyState title="No model to talk to yet" action={{ label: 'Train a base model', run: newRun }}>
        Here the same question goes to several checkpoints at once. Phase 1 makes the first of them: a base
        model that completes text. Phase 2 turns it into an assistant that answers.
      </EmptyState>
    )
  return <Chat checkpoints={checkpoints.data} runs={runs.data} />
}

function Chat({
  checkpoints,
  runs,
}: {
  checkpoints: readonly CheckpointSummary[]
  runs: readonly RunSummary[]
}) {
  const { conversation: id, setup: drafted, pending, listOpen, colored } = useChat()
  const shown = useQuery('chat.show', id === null ? null : { conversation: id })
  const conversation = id === null ? null : (shown.data ?? null)
  const proposed = useMemo(
    (): ChatSetup => ({ columns: firstColumns(checkpoints, runs), system: '', linked: true, blind: false }),
    [checkpoints, runs],
  )
  const setup = conversation ? setupOf(conversation) : (drafted ?? proposed)
  const models = useModels(checkpoints)
  const usable = chatModels(checkpoints)
  const running = conversation?.turns.some(underWay) ?? false
  const sending = pending?.conversation === id
  const obstacle = setupProblem(setup.columns, usable) ?? (pending ? 'The last message is being sent.' : null)
  const busy = obstacle ?? (running ? 'The models are still writing; stop them or wait.' : null)
  const onChange = (change: Partial<ChatSetup>) => changeSetup(conversation, setup, change)

  // The newest values without a new function: turns are drawn anew only where they change.
  const latest = useRef(setup)
  useEffect(() => {
    latest.current = setup
  })
  const onBranch = useCallback(
    (prompt: string, parent: number | null) => send(prompt, parent, latest.current),
    [],
  )
  const onSend = (prompt: string) => {
    write('')
    void send(prompt, conversation?.turns.at(-1)?.id ?? null, setup)
  }

  const beginAnew = () => {
    beginNew(setup)
    focusComposer()
  }

  const box = useRef<HTMLDivElement>(null)
  useWindowEvent('keydown', event => {
    if (event.defaultPrevented) return
    if (event.key === 'Escape') {
      if (stopAll(conversation)) event.preventDefault()
      return
    }
    const target = event.target as HTMLElement
    if (target.closest('input, textarea, select, [contenteditable], [role="slider"], [role="dialog"]')) return
    const wanted = target.closest<HTMLElement>('[data-turn]')?.dataset.turn
    const turn = conversation?.turns.find(each => String(each.id) === wanted) ?? conversation?.turns.at(-1)
    if (!conversation || !turn || voteObstacle(turn)) return
    const { seen } = useChat.getState()
    const outcome = voteByKey(event, placesOf(turn, isShuffled(turn, setup.blind, seen)))
    if (outcome === null || turn.vote?.blind) return
    event.preventDefault()
    castVote(turn, outcome, isHidden(turn, setup.blind, seen), conversation.id)
  })

  const last = conversation?.turns.at(-1)
  const lastHidden = useChat(state => last !== undefined && isHidden(last, setup.blind, state.seen))
  useFocusOnBlindVote(box, last && lastHidden && !voteObstacle(last) ? last.id : null)
  return (
    <div className={classes.chat} ref={box}>
      {listOpen ? <ConversationList onNew={beginAnew} /> : <span />}
      <div className={classes.main}>
        <ChatHead conversation={conversation} setup={setup} checkpoints={checkpoints} onChange={onChange} />
        <ExportNote conversation={id} />
        <div className={classes.setup}>
          <SystemPrompt value={setup.system} onChange={system => onChange({ system })} />
          <ColumnHeads
            setup={setup}
            conversation={conversation}
            checkpoints={checkpoints}
            models={models}
            onChange={onChange}
          />
        </div>
        <OnlyBase models={usable} />
        {conversation ? (
          <Turns
            key={conversation.id}
            conversation={conversation}
            setup={setup}
            models={models}
            pending={sending ? pending : null}
            running={running}
            colored={colored}
            busy={busy}
            onBranch={onBranch}
          />
        ) : (
          <section className={classes.turns} aria-label="Messages">
            {shown.error && (
              <ErrorNote error={shown.error} retry={{ label: 'Try again', run: shown.refetch }} />
            )}
            {sending && pending ? <PendingPrompt prompt={pending.prompt} /> : id === null && <Invitation />}
          </section>
        )}
        <p className="visually-hidden" role="status">
          {last &&
            turnSentence(
              last.answers,
              last.answers.map((answer, i) => (lastHidden ? `Answer ${i + 1}` : answerName(answer, models))),
            )}
        </p>
        <Composer
          conversation={conversation}
          columns={setup.columns.length}
          running={running}
          obstacle={obstacle}
          onSend={onSend}
        />
      </div>
    </div>
  )
}

/** When blind answers are there and nothing new is being typed, the next thing to do is to vote: by key, at once. */
function useFocusOnBlindVote(box: React.RefObject<HTMLElement | null>, turn: number | null): void {
  useEffect(() => {
    const typing = document.activeElement as HTMLTextAreaElement | null
    if (turn === null || typing?.dataset.composer === undefined || typing.value !== '') return
    box.current?.querySelector<HTMLElement>(`[data-turn="${turn}"] [data-vote]`)?.focus()
  }, [box, turn])
}
