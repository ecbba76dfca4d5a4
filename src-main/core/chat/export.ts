// A conversation as a file: Markdown to read, JSON with everything, JSON lines of messages to train on.
import type { ChatAnswer, ChatTurn, Conversation } from '../../../src-shared/contract/chat-contract.ts'
import { sentence } from '../../../src-shared/contract/errors.ts'
import { escapeControls } from '../../../src-shared/text/escape-controls.ts'
import type { Db } from '../database/open.ts'
import { checkpointName, findCheckpoint } from '../database/queries/checkpoints.ts'
import { writeExport } from '../workspace/export-file.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { historyOf, messagesOf } from './chat-prompt.ts'
import { type CheckpointFacts, conversationJson } from './export-json.ts'

export type ExportFormat = 'markdown' | 'json' | 'jsonl'
type FactsOf = (checkpoint: string) => CheckpointFacts

const formats: Readonly<
  Record<ExportFormat, { extension: string; write(conversation: Conversation, factsOf: FactsOf): string }>
> = {
  markdown: { extension: 'md', write: markdown },
  json: { extension: 'json', write: conversationJson },
  jsonl: { extension: 'jsonl', write: messageLines },
}

/** The branch that is shown. @throws LabError `no-space` and what else the disk refuses */
export async function exportConversation(
  workspace: Workspace,
  conversation: Conversation,
  format: ExportFormat,
): Promise<{ path: string; fileName: string; text: string }> {
  const { extension, write } = formats[format]
  const text = write(conversation, id => checkpointFacts(workspace.db, id))
  return { ...(await writeExport(workspace, conversation.title, extension, [text])), text }
}

function checkpointFacts(db: Db, id: string): CheckpointFacts {
  const known = findCheckpoint(db, id)
  return {
    id,
    name: checkpointName(db, id),
    run: known?.run ?? id.replace(/-step-\d+$/, ''),
    step: known?.step ?? null,
  }
}

/** One line of `{"messages": […]}` for every column that has answered, as TRL and OpenAI's fine-tuning read them. */
function messageLines({ system, turns }: Conversation): string {
  const answers = turns.flatMap(turn => turn.answers)
  const columns = [...new Set(answers.map(({ column }) => column))].sort((a, b) => a - b)
  return columns
    .map(column => messagesOf({ system, history: historyOf(turns, answers, column) }))
    .filter(messages => messages.some(({ role }) => role === 'assistant'))
    .map(messages => `${JSON.stringify({ messages })}\n`)
    .join('')
}

function markdown({ title, createdAt, system, turns }: Conversation, factsOf: FactsOf): string {
  return [
    `# ${plain(title)}`,
    `Begun ${createdAt}. ${turns.length === 1 ? '1 prompt' : `${turns.length} prompts`}.`,
    ...(system === '' ? [] : ['## System message', fenced(system)]),
    ...turns.flatMap((turn, i) => [
      `## Prompt ${i + 1}`,
      fenced(turn.prompt),
      ...turn.answers.flatMap(answer => answerText(answer, factsOf(answer.checkpoint).step)),
      ...voteText(turn),
    ]),
    '',
  ].join('\n\n')
}

function answerText(answer: ChatAnswer, step: number | null): string[] {
  const { column, checkpointName, checkpoint, mode, sampling, seed, text, error } = answer
  const { temperature, topK, topP, maxTokens } = sampling
  const settings = [
    mode === 'template' ? 'chat template' : 'raw continuation',
    `temperature ${temperature}`,
    `top-k ${topK}`,
    `top-p ${topP}`,
    `at most ${maxTokens} tokens`,
    `seed ${seed}`,
  ].join(', ')
  return [
    `### Column ${column + 1}: ${plain(checkpointName)}${step === null ? '' : `, step ${step}`}`,
    `\`${checkpoint}\`: ${settings}. ${outcomeOf(answer)}`,
    ...(text === '' && error ? [] : [fenced(text)]),
  ]
}

/** How it ended. */
function outcomeOf({ state, stopped, tokenCount, tokensPerSecond, cutOff, error }: ChatAnswer): string {
  const speed = tokensPerSecond === null ? '' : `, ${tokensPerSecond.toFixed(1)} tokens/s`
  const end = {
    end: 'ended by itself',
    length: 'cut off at its greatest length',
    stopped: 'stopped by hand',
  }
  return [
    `${tokenCount} tokens${speed}, ${stopped === null ? state : end[stopped]}.`,
    ...(cutOff > 0 ? [`${cutOff} tokens before did not fit the context and were not read.`] : []),
    ...(error ? [plain(sentence(error))] : []),
  ].join(' ')
}

function voteText({ vote }: ChatTurn): string[] {
  if (!vote) return []
  const { outcome, blind } = vote
  const which =
    typeof outcome === 'number' ? `column ${outcome + 1}` : { tie: 'a tie', 'all-bad': 'all bad' }[outcome]
  return [`Vote: ${which}${blind ? ', without seeing which was which' : ''}.`]
}

/** Text as text: behind a fence longer than any in it, controls written out. */
function fenced(text: string): string {
  const shown = escapeControls(text)
  let longest = 2
  for (const [run] of shown.matchAll(/`+/g)) longest = Math.max(longest, run.length)
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${shown}\n${fence}`
}

/** A name as text: on one line, with nothing in it that Markdown would obey. */
const plain = (text: string): string =>
  escapeControls(text)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]()<>#+!|~&:@/-]/g, '\\$&')
