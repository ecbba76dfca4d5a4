// Chat: up to four checkpoints side by side, one message to all. The article's point is seen here: a base model completes,
// an assistant answers.
import { useApp } from '../../app-state.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { Screen } from '../../components/panel.tsx'
import { useQuery } from '../../queries.ts'
import { ChatView } from './chat-view.tsx'
import { chatModels } from './setup.ts'

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
      <Screen title="Chat">
        <EmptyState title="No model to talk to yet" action={{ label: 'Train a base model', run: newRun }}>
          Here the same question goes to several checkpoints at once. Phase 1 makes the first of them: a base
          model that completes text. Phase 2 turns it into an assistant that answers.
        </EmptyState>
      </Screen>
    )
  return <ChatView checkpoints={checkpoints.data} runs={runs.data} />
}
