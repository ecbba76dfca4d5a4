// The line above the chat: its name, one more column, blind judging, colours, export, and what is kept in memory.
import { Button, CopyButton, Menu, Switch, Tooltip } from '@mantine/core'
import { Columns2, Download, MemoryStick, PanelLeft, X } from 'lucide-react'
import { memo } from 'react'
import type { CheckpointSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { ActionButton } from '../../components/action-button.tsx'
import { visible } from '../../components/plain-text.tsx'
import { toastError } from '../../components/toast.tsx'
import { call } from '../../lab.ts'
import { patchQuery, useQuery } from '../../queries.ts'
import classes from './chat.module.css'
import { exportAs, useChat } from './chat-store.ts'
import { IconButton } from './icon-button.tsx'
import { type ChatSetup, chatModels, MOST_COLUMNS, withOneMore } from './setup.ts'

const formats = [
  { format: 'markdown', label: 'Markdown', meaning: 'to read' },
  { format: 'json', label: 'JSON', meaning: 'everything' },
  { format: 'jsonl', label: 'JSONL', meaning: 'messages, one line per column' },
] as const

export const ChatHead = memo(function ChatHead({
  conversation,
  title,
  begun,
  setup,
  checkpoints,
  listOpen,
  onChange,
  onLine,
}: {
  conversation: string | null
  title: string | null
  /** It has turns already. */
  begun: boolean
  setup: ChatSetup
  checkpoints: readonly CheckpointSummary[]
  listOpen: boolean
  onChange: (change: Partial<ChatSetup>) => void
  /** base | SFT | RLHF. */
  onLine: () => void
}) {
  const coloring = useChat(state => state.coloring)
  const { columns, blind } = setup
  return (
    <header className={classes.head}>
      <IconButton
        icon={PanelLeft}
        label={listOpen ? 'Hide the list of conversations' : 'Show the list of conversations'}
        onClick={() => useChat.setState({ listOpen: !listOpen })}
      />
      <h1 className={classes.title}>
        {title !== null ? visible(title) : conversation === null ? 'New conversation' : 'Opening …'}
      </h1>
      <Tooltip
        label={`Columns of one line of models: the newest RLHF model, the fine-tuned one that it started from, and its base${begun ? ', in a new conversation' : ''}.`}
        multiline
        w={300}
      >
        <Button variant="default" onClick={onLine}>
          base | SFT | RLHF
        </Button>
      </Tooltip>
      <ActionButton
        variant="default"
        leftSection={<Columns2 size={14} aria-hidden />}
        disabledReason={
          columns.length >= MOST_COLUMNS ? `There are ${MOST_COLUMNS} columns, the most there can be.` : null
        }
        onClick={() => onChange({ columns: withOneMore(columns, chatModels(checkpoints)) })}
      >
        Add a column
      </ActionButton>
      <Tooltip label="Hides whose answer is whose until you have voted, in places shuffled for every turn. Takes two columns or more.">
        <div>
          <Switch
            label="Blind"
            checked={blind}
            onChange={event => onChange({ blind: event.currentTarget.checked })}
          />
        </div>
      </Tooltip>
      <Tooltip label="Colours every token by how unlikely the model held it.">
        <div>
          <Switch
            label="Surprise"
            checked={coloring === 'surprise'}
            onChange={event =>
              useChat.setState({ coloring: event.currentTarget.checked ? 'surprise' : null })
            }
          />
        </div>
      </Tooltip>
      <Tooltip label="Colours every token by how much likelier it is than under the fine-tuned model.">
        <div>
          <Switch
            label="KL"
            checked={coloring === 'kl'}
            onChange={event => useChat.setState({ coloring: event.currentTarget.checked ? 'kl' : null })}
          />
        </div>
      </Tooltip>
      <Memory />
      {conversation && begun && (
        <Menu position="bottom-end" width={260}>
          <Menu.Target>
            <Button variant="default" leftSection={<Download size={14} aria-hidden />}>
              Export
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {formats.map(({ format, label, meaning }) => (
              <Menu.Item key={format} onClick={() => void exportAs(conversation, format).catch(toastError)}>
                {label}: {meaning}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </header>
  )
})

const choices = [null, 1, 2, 3, 4] as const
const inWords = (models: number | null) => (models === null ? 'as many as fit' : `${models} at a time`)

/** How many checkpoints stay loaded: fewer take less memory, and are swapped in turn. */
function Memory() {
  const { data } = useQuery('chat.residency', {})
  const models = data?.models ?? null
  const choose = async (models: number | null) => {
    patchQuery('chat.residency', {}, () => ({ models }))
    await call('chat.residency', { models })
  }
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<MemoryStick size={14} aria-hidden />}
          title={`Models kept in memory: ${inWords(models)}`}
        >
          {`In memory: ${models ?? 'all'}`}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Models kept in memory; others are swapped in turn</Menu.Label>
        {choices.map(choice => (
          <Menu.Item
            key={choice}
            rightSection={choice === models ? '✓' : undefined}
            onClick={() => void choose(choice).catch(toastError)}
          >
            {inWords(choice)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** Where the export lies, and its text for the clipboard. */
export function ExportNote({ conversation }: { conversation: string | null }) {
  const exported = useChat(state => state.exported)
  if (!exported || exported.conversation !== conversation) return null
  const copy = (value: string, label: string) => (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Button size="compact-xs" variant="default" onClick={copy}>
          {copied ? 'Copied' : label}
        </Button>
      )}
    </CopyButton>
  )
  return (
    <div className={`${classes.setup} ${classes.columnLine}`} role="status">
      <span className={classes.oneLine} style={{ fontSize: 'var(--mantine-font-size-sm)' }}>
        Exported to <bdi className="mono">{visible(exported.path)}</bdi>
      </span>
      <span className={classes.actions} style={{ gap: 6 }}>
        {copy(exported.path, 'Copy the path')}
        {copy(exported.text, 'Copy the text')}
        <IconButton
          icon={X}
          label="Close this message"
          onClick={() => useChat.setState({ exported: null })}
        />
      </span>
    </div>
  )
}
