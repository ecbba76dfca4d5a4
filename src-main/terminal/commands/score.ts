// score: what a reward model says of responses, given one by one or as rows of a file.
import * as v from 'valibot'
import { chatMessage } from '../../../src-shared/contract/demonstrations-contract.ts'
import { LabError, sentence } from '../../../src-shared/contract/errors.ts'
import { chatText } from '../../../src-shared/tokenizer/chat-template.ts'
import type { ResponseToScore } from '../../core/reward/reward-scores.ts'
import { collect, type TerminalCommand, UsageError } from '../command.ts'
import { readTextFile } from '../read-text-file.ts'
import type { Session } from '../session.ts'
import { escapeControls, table } from '../text.ts'
import { findCheckpoint } from './checkpoint.ts'

interface Options {
  checkpoint?: string
  prompt?: string
  response?: string[]
  file?: string
}

interface Row extends ResponseToScore {
  readonly line: number
}
interface RejectedRow {
  readonly line: number
  readonly reason: string
}

const text = v.pipe(v.string('must be a text'), v.minLength(1, 'is empty'))
const message = v.object({ ...chatMessage.entries, content: v.string() })
const fileRow = v.object({
  prompt: v.union([text, v.pipe(v.array(message), v.minLength(1))], 'must be a text or messages'),
  response: v.string('must be a text'),
})

const EXCERPT_CHARACTERS = 60

export const score: TerminalCommand<Options> = {
  name: 'score',
  summary: 'score responses with a reward model',
  engine: () => 'node',
  declare: command =>
    void command
      .option('--checkpoint <checkpoint>', 'a reward model; by default the newest')
      .option('--prompt <text>', 'what the responses answer')
      .option('--response <text>', 'one response; repeatable', collect)
      .option('--file <file>', 'JSON lines, each with "prompt" (a text or messages) and "response"'),
  async run(session, _, options) {
    const { rows, rejected } = givenRows(options)
    const { id } = await findCheckpoint(session, options.checkpoint, 'scoring')
    const { fit, tooLong } = await sorted(session, id, rows)
    const abort = new AbortController()
    const scores = await session.until(
      session.lab.rewardScores.score(id, fit, {
        signal: abort.signal,
        onProgress: done =>
          session.progress.update(`Scored ${done.toLocaleString('en-US')} of ${fit.length}`),
      }),
      () => abort.abort(),
    )
    const rejections = [...rejected, ...tooLong].sort((a, b) => a.line - b.line)
    const scored = fit.map(({ line }, i) => ({ line, ...scores[i]! }))
    return {
      json: { checkpoint: id, scores: scored, rejections },
      text: [
        table(
          ['line', 'score', 'raw', 'tokens', 'response'],
          scored.map(({ line, score, raw, tokens }, i) => [
            line,
            score.toFixed(3),
            raw.toFixed(3),
            tokens,
            excerpt(fit[i]!.text),
          ]),
          'Nothing could be scored.',
        ),
        ...rejections.map(({ line, reason }) => escapeControls(`rejected: line ${line}: ${reason}`)),
      ].join('\n'),
      ...(rows.length + rejected.length > 0 && scored.length === 0
        ? { failure: `nothing could be scored: ${rejections[0]!.reason}` }
        : {}),
    }
  },
}

function givenRows({ prompt, response, file }: Options): { rows: Row[]; rejected: RejectedRow[] } {
  if (file !== undefined) {
    if (prompt !== undefined || response !== undefined)
      throw new UsageError('--file has prompts and responses of its own: give it or --prompt, not both')
    return fileRows(readTextFile(file))
  }
  if (prompt === undefined || response === undefined)
    throw new UsageError('give --prompt and --response, or --file')
  const messages = [{ role: 'user', content: prompt } as const]
  return {
    rows: response.map((text, i) => ({ line: i + 1, messages, text, stopped: true })),
    rejected: [],
  }
}

function fileRows(content: string): { rows: Row[]; rejected: RejectedRow[] } {
  const rows: Row[] = []
  const rejected: RejectedRow[] = []
  for (const [i, line] of content.split('\n').entries()) {
    if (line.trim() === '') continue
    const read = readRow(line)
    if ('reason' in read) rejected.push({ line: i + 1, reason: read.reason })
    else rows.push({ line: i + 1, ...read })
  }
  return { rows, rejected }
}

function readRow(line: string): ResponseToScore | { reason: string } {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (error) {
    return { reason: `no JSON: ${(error as Error).message}` }
  }
  const parsed = v.safeParse(fileRow, value)
  if (!parsed.success) {
    const [issue] = parsed.issues
    return { reason: `${v.getDotPath(issue) ?? 'the row'}: ${issue.message}` }
  }
  const { prompt, response } = parsed.output
  const messages = typeof prompt === 'string' ? [{ role: 'user', content: prompt } as const] : prompt
  try {
    chatText([...messages, { role: 'assistant', content: response }])
  } catch (error) {
    if (error instanceof LabError) return { reason: `prompt: ${sentence(error.facts)}` }
    throw error
  }
  return { messages, text: response, stopped: true }
}

/** What the model's context takes, and what it does not. */
async function sorted(
  session: Session,
  checkpoint: string,
  rows: readonly Row[],
): Promise<{ fit: Row[]; tooLong: RejectedRow[] }> {
  const { lengths, contextLength } = await session.lab.rewardScores.lengths(checkpoint, rows)
  const fits = (_: unknown, i: number) => lengths[i]! <= contextLength
  return {
    fit: rows.filter(fits),
    tooLong: rows.flatMap(({ line }, i) =>
      lengths[i]! <= contextLength
        ? []
        : [
            {
              line,
              reason: `${lengths[i]} tokens do not fit the model's context of ${contextLength}`,
            },
          ],
    ),
  }
}

const excerpt = (text: string): string =>
  text.length > EXCERPT_CHARACTERS ? `${text.slice(0, EXCERPT_CHARACTERS)}…` : text
