// chat: talk with one to four checkpoints, once or until one leaves. Conversations are kept as those of the Chat tab are.
import { createInterface } from 'node:readline/promises'
import type { ChatAnswer, ChatColumn, ChatMode } from '../../../src-shared/contract/chat-contract.ts'
import { sentence } from '../../../src-shared/contract/errors.ts'
import type { CheckpointSummary, LabTopics } from '../../../src-shared/contract/lab-contract.ts'
import type { TopicPayload } from '../../../src-shared/contract/method.ts'
import { writesNothing } from '../../core/generation/checkpoint-model.ts'
import { AnswersPrinter } from '../answers-printer.ts'
import { collect, count, number, type Output, type TerminalCommand, UsageError } from '../command.ts'
import type { Session } from '../session.ts'
import { findCheckpoint } from './checkpoint.ts'

interface Options {
  checkpoint?: string[]
  prompt?: string
  system: string
  raw?: boolean
  maxTokens: number
  temperature: number
  topK: number
  topP: number
  seed: number
}

const MOST_COLUMNS = 4
const HELP = '/new begins anew, /exit leaves. Ctrl+C stops an answer, twice leaves.'

export const chat: TerminalCommand<Options> = {
  name: 'chat',
  summary: 'talk with a checkpoint, or with up to four at once',
  engine: () => 'node',
  declare: command =>
    void command
      .option('--checkpoint <checkpoint>', 'id; up to four times; by default the newest', collect)
      .option('--prompt <text>', 'ask this once; without it, a conversation')
      .option('--system <text>', 'a system message', '')
      .option('--raw', 'as plain text to be continued, not through the chat template')
      .option('--max-tokens <n>', 'where an answer ends at the latest', count, 200)
      .option('--temperature <t>', '0 = always the likeliest token', number, 0.8)
      .option('--top-k <k>', 'only the k likeliest tokens; 0 = all', count, 0)
      .option('--top-p <p>', 'only the likeliest tokens that reach p together; 1 = all', number, 1)
      .option('--seed <seed>', 'same seed, same answers', count, 1),
  async run(session, _, options) {
    const { prompt, seed } = options
    if (options.json && prompt === undefined) throw new UsageError('--json is for one prompt: give --prompt')
    const checkpoints = await checkpointsOf(session, options.checkpoint)
    const talk = new Talk(session, checkpoints, options)
    if (prompt !== undefined) return outputOf(session, await talk.ask(prompt, seed))
    await converse(session, talk, seed)
    return { json: null, text: '' }
  },
}

async function checkpointsOf(session: Session, given: readonly string[] = []): Promise<CheckpointSummary[]> {
  if (given.length > MOST_COLUMNS)
    throw new UsageError(`--checkpoint can be given up to ${MOST_COLUMNS} times`)
  if (given.length === 0) return [await findCheckpoint(session)]
  const checkpoints = await Promise.all(given.map(id => findCheckpoint(session, id)))
  const reward = checkpoints.find(({ phase }) => phase === 'reward')
  if (reward) throw writesNothing(reward.runName, reward.id)
  return checkpoints
}

/** A conversation under way. */
class Talk {
  private readonly session: Session
  private readonly checkpoints: readonly CheckpointSummary[]
  private readonly system: string
  private readonly columns: ChatColumn[]
  private conversation: string | null = null
  private last: number | null = null
  private printer: AnswersPrinter | null = null

  constructor(
    session: Session,
    checkpoints: readonly CheckpointSummary[],
    { system, raw, maxTokens, temperature, topK, topP }: Options,
  ) {
    const mode: ChatMode = raw ? 'raw' : 'template'
    this.session = session
    this.checkpoints = checkpoints
    this.system = system
    this.columns = checkpoints.map(({ id }) => ({
      checkpoint: id,
      mode,
      sampling: { maxTokens, temperature, topK, topP },
    }))
    session.lab.subscribe((topic, payload) => {
      if (topic !== 'chat') return
      const push = payload as TopicPayload<LabTopics, 'chat'>
      if (push.conversation === this.conversation) this.printer?.hear(push)
    })
  }

  /** Prints the answers as they come. @returns them when they have ended */
  async ask(prompt: string, seed: number): Promise<ChatAnswer[]> {
    const { session, columns, system } = this
    this.conversation ??= (await session.call('chat.create', { columns, system })).conversation
    const { conversation, last: parent } = this
    const printer = new AnswersPrinter(
      session,
      this.checkpoints.map(({ runName }) => runName),
    )
    this.printer = printer
    const { turn } = await session.call('chat.send', { conversation, parent, prompt, seed })
    this.last = turn
    await session.until(printer.ended, () => session.call('chat.stop', { turn }))
    const { turns } = await session.call('chat.show', { conversation })
    return turns.at(-1)!.answers
  }

  /** The next prompt begins another conversation. */
  beginAnew(): void {
    this.conversation = null
    this.last = null
  }
}

/** Lines that are typed, or come from a pipe: prompts and notes go to stderr, answers alone to stdout. */
async function converse(session: Session, talk: Talk, firstSeed: number): Promise<void> {
  const { stdin, stderr } = process
  const lines = createInterface({ input: stdin, output: stderr, prompt: '> ' })
  let open = true
  const invite = () => {
    if (open && stdin.isTTY) lines.prompt()
  }
  let pressed = false
  lines.on('close', () => {
    open = false
  })
  lines.on('SIGINT', async () => {
    if (pressed) return lines.close()
    pressed = true
    if (await session.interrupt()) return
    session.progress.note('Ctrl+C again leaves, and so does /exit.')
    invite()
  })
  session.progress.note(HELP)
  invite()
  let seed = firstSeed
  // What was piped in is all there to be read when the pipe has closed.
  for await (const line of lines) {
    pressed = false
    const prompt = line.trim()
    if (prompt === '/exit') break
    if (prompt === '/new') {
      talk.beginAnew()
      session.progress.note('A new conversation.')
    } else if (prompt.startsWith('/')) session.progress.note(HELP)
    else if (prompt !== '') await talk.ask(line, seed++)
    invite()
  }
  lines.close()
}

async function outputOf(session: Session, answers: readonly ChatAnswer[]): Promise<Output> {
  const told = []
  for (const { id, checkpoint, checkpointName, text, stopped, tokensPerSecond, error } of answers) {
    const { tokens } = await session.call('chat.tokens', { answer: id })
    told.push({
      checkpoint,
      name: checkpointName,
      text,
      stopped,
      tokens: tokens.map(({ piece }) => piece.id),
      tokensPerSecond,
      ...(error ? { error } : {}),
    })
  }
  const failed = answers.flatMap(({ error }) => (error ? [sentence(error)] : []))
  // The texts themselves have been streamed.
  return { json: { answers: told }, text: '', ...(failed.length > 0 ? { failure: failed.join(' ') } : {}) }
}
