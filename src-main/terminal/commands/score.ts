// score: what a reward model says of responses, given one by one or as rows of a file.
import { basename, resolve } from 'node:path'
import { type FileResponse, readResponseFiles, typedResponse } from '../../core/reward/response-files.ts'
import { sizedFile } from '../../core/row-files/file-task.ts'
import { collect, type TerminalCommand, UsageError } from '../command.ts'
import type { Session } from '../session.ts'
import { escapeControls, excerpt, table } from '../text.ts'
import { findCheckpoint } from './checkpoint.ts'

interface Options {
  checkpoint?: string
  prompt?: string
  response?: string[]
  file?: string
}

interface RejectedRow {
  /** null = of the whole file */
  readonly line: number | null
  readonly reason: string
}

export const score: TerminalCommand<Options> = {
  name: 'score',
  summary: 'score responses with a reward model',
  engine: () => 'node',
  declare: command =>
    void command
      .option('--checkpoint <checkpoint>', 'a reward model; by default the newest')
      .option('--prompt <text>', 'what the responses answer')
      .option('--response <text>', 'one response; repeatable', collect)
      .option(
        '--file <file>',
        'rows with "prompt" (a text or messages) and "response": .jsonl .json .csv .tsv .parquet, .gz and .zst of the text ones',
      ),
  async run(session, _, options) {
    const { rows, rejected } = await givenRows(session, options)
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
    // What is wrong with the file, or with its rest, comes after its rows.
    const lineOf = ({ line }: RejectedRow) => line ?? Number.MAX_SAFE_INTEGER
    const rejections = [...rejected, ...tooLong].sort((a, b) => lineOf(a) - lineOf(b))
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
        ...rejections.map(({ line, reason }) =>
          escapeControls(`rejected: ${line === null ? '' : `line ${line}: `}${reason}`),
        ),
      ].join('\n'),
      ...(scored.length === 0
        ? { failure: `nothing could be scored: ${rejections[0]?.reason ?? 'there are no rows in the file'}` }
        : {}),
    }
  },
}

/** @throws LabError for a file that is not there */
async function givenRows(
  session: Session,
  { prompt, response, file }: Options,
): Promise<{ rows: FileResponse[]; rejected: RejectedRow[] }> {
  const rows: FileResponse[] = []
  if (file !== undefined) {
    if (prompt !== undefined || response !== undefined)
      throw new UsageError('--file has prompts and responses of its own: give it or --prompt, not both')
    const sized = sizedFile({ path: resolve(file), name: basename(file) })
    const { rejections, notes } = await readResponseFiles([sized], row => rows.push(row))
    for (const note of notes) session.progress.note(note)
    return { rows, rejected: rejections.map(({ line, reason }) => ({ line, reason })) }
  }
  if (prompt === undefined || response === undefined)
    throw new UsageError('give --prompt and --response, or --file')
  const rejected: RejectedRow[] = []
  for (const [i, text] of response.entries()) {
    const line = i + 1
    const read = typedResponse(prompt, text)
    if ('rejected' in read) rejected.push({ line, reason: read.rejected })
    else rows.push({ line, ...read })
  }
  return { rows, rejected }
}

/** What the model's context takes, and what it does not. */
async function sorted(
  session: Session,
  checkpoint: string,
  rows: readonly FileResponse[],
): Promise<{ fit: FileResponse[]; tooLong: RejectedRow[] }> {
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
