// Chat: up to four checkpoints side by side, one message to all. The article's point is seen here: a base model completes,
// an assistant answers.
import { useEffect } from 'react'
import type { ConversationSummary } from '../../../../src-shared/contract/chat-contract.ts'
import type { CheckpointSummary, RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { readUiSettings, useApp } from '../../app-state.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { Screen } from '../../components/panel.tsx'
import { type Query, useQuery } from '../../queries.ts'
import { beginNew, remember, useChat } from './chat-store.ts'
import { ChatView } from './chat-view.tsx'
import { focusComposer } from './composer.tsx'
import { chatModels, firstColumns, freshSetup } from './setup.ts'

export function ChatTab() {
  const checkpoints = useQuery('checkpoints.list', {})
  const runs = useQuery('runs.list', {})
  const conversations = useQuery('chat.list', {})
  const newRun = useApp(state => state.newRun)
  const ready = useWhatToOpen(checkpoints, runs, conversations)
  const error = checkpoints.error ?? runs.error
  if (!checkpoints.data || !runs.data)
    return error ? (
      <div style={{ padding: 'var(--mantine-spacing-md)' }}>
        <ErrorNote error={error} retry={{ label: 'Try again', run: checkpoints.refetch }} />
      </div>
    ) : null
  if (chatModels(checkpoints.data).length === 0 && (conversations.data ?? []).length === 0)
    return (
      <Screen title="Chat">
        <EmptyState title="No model to talk to yet" action={{ label: 'Train a base model', run: newRun }}>
          Here the same question goes to several checkpoints at once. Phase 1 makes the first of them: a base
          model that completes text. Phase 2 turns it into an assistant that answers.
        </EmptyState>
      </Screen>
    )
  return ready ? <ChatView checkpoints={checkpoints.data} runs={runs.data} /> : null
}

/** The run that is asked for, in a new conversation; else what was open before. @returns whether that is known */
function useWhatToOpen(
  checkpoints: Query<readonly CheckpointSummary[]>,
  runs: Query<readonly RunSummary[]>,
  conversations: Query<readonly ConversationSummary[]>,
): boolean {
  const settings = useQuery('settings.all', {})
  const remembering = useChat(state => state.remembering)
  const asked = useApp(state => state.chatAsked)
  // What cannot be asked stops nobody.
  const known = remembering || Boolean(settings.error ?? conversations.error)
  useEffect(() => {
    if (remembering || !settings.data || !conversations.data) return
    const kept = conversations.data.filter(each => each.removedAt === null).map(each => each.id)
    const before = readUiSettings(settings.data)
    remember(before['ui.chat'], before['ui.chatSeen'], kept)
  })
  useEffect(() => {
    // A list that is being asked for anew may not have the new model yet.
    if (asked === null || !known || checkpoints.loading || runs.loading) return
    if (checkpoints.data && runs.data)
      beginNew({ ...freshSetup, columns: firstColumns(checkpoints.data, runs.data, asked) })
    useApp.setState({ chatAsked: null })
    requestAnimationFrame(focusComposer)
  }, [asked, known, checkpoints, runs])
  return known && asked === null
}
