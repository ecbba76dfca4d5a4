// How an answer is measured by another model: what a reward model scores, and how far its tokens are from what a fine-tuned
// model would have written.
import { LabError, type LabErrorFacts, toFacts } from '../../../src-shared/contract/errors.ts'
import { type StoredAnswer, tokensOf } from '../database/queries/chat-answers.ts'
import { checkpointName } from '../database/queries/checkpoints.ts'
import { checkpointModel, type ModelParts } from '../generation/checkpoint-model.ts'
import { tokenLogProbs } from '../generation/token-log-probs.ts'
import type { ResponseToScore, RewardScores } from '../reward/reward-scores.ts'
import { type ColumnConversation, chatPrompt, messagesOf } from './chat-prompt.ts'

export interface MeasuringParts {
  readonly models: ModelParts
  readonly scores: Pick<RewardScores, 'score' | 'lengths'>
  /** What an answer was written after. */
  readonly readBy: (answer: StoredAnswer) => Omit<ColumnConversation, 'mode'>
}

/** What became of one answer. */
export type Outcome =
  | { readonly value: number; readonly nats?: readonly number[] }
  | { readonly error: LabErrorFacts }

type Tell = (answer: StoredAnswer, outcome: Outcome) => void

/**
 * Scores as of `RewardScores`, each answer after what it was written after, oldest exchanges left out where that does not
 * fit. An answer that was not ended by its model has no end token.
 * @throws LabError what concerns all of them
 */
export async function measureRewards(
  { scores, readBy }: MeasuringParts,
  judge: string,
  answers: readonly StoredAnswer[],
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  const fitting: { answer: StoredAnswer; response: ResponseToScore }[] = []
  for (const answer of answers)
    await attempt(answer, tell, async () => {
      fitting.push({ answer, response: await fitted(scores, judge, answer, readBy(answer)) })
    })
  const scored = await scores.score(
    judge,
    fitting.map(({ response }) => response),
    { signal },
  )
  for (const [i, { score }] of scored.entries()) tell(fitting[i]!.answer, { value: finite(score) })
}

/** With as many exchanges as the reward model's context holds. @throws LabError `bad-input` when it does not hold the answer */
async function fitted(
  scores: MeasuringParts['scores'],
  judge: string,
  { text, stopped }: StoredAnswer,
  { system, history, prompt }: Omit<ColumnConversation, 'mode'>,
): Promise<ResponseToScore> {
  const withLast = (exchanges: number): ResponseToScore => ({
    messages: messagesOf({ system, history: history.slice(history.length - exchanges), prompt }),
    text,
    stopped: stopped === 'end',
  })
  const room = async (response: ResponseToScore) => {
    const { lengths, contextLength } = await scores.lengths(judge, [response])
    return { tokens: lengths[0]!, contextLength }
  }
  const fits = async (response: ResponseToScore) => {
    const { tokens, contextLength } = await room(response)
    return tokens <= contextLength
  }
  const whole = withLast(history.length)
  if (await fits(whole)) return whole
  const alone = withLast(0)
  const { tokens, contextLength } = await room(alone)
  if (tokens > contextLength)
    throw new LabError({
      code: 'bad-input',
      what: 'prompt and answer do not fit the context of the reward model',
      expected: `at most ${contextLength} tokens`,
      got: `${tokens} tokens`,
      fix: 'ask for shorter answers',
    })
  let found = alone
  for (let exchanges = 1; exchanges < history.length; exchanges++) {
    const longer = withLast(exchanges)
    if (!(await fits(longer))) break
    found = longer
  }
  return found
}

interface Read {
  readonly answer: StoredAnswer
  readonly tokens: Int32Array
  /** Where the answer begins. */
  readonly from: number
  /** What both models hold. */
  readonly context: number
}

/**
 * log π(token) − log π_SFT(token) of every token of each answer, both read again from what it was written after.
 * @throws LabError what concerns all of them
 */
export async function measureKl(
  { models, readBy }: MeasuringParts,
  reference: string,
  answers: readonly StoredAnswer[],
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  const { context, tokenizers } = models
  const { run: referenceRun } = await checkpointModel(context, tokenizers, reference)
  const reads: (Read & { readonly logProbs: Float64Array })[] = []
  // The reference first, then model by model: where they do not fit together each is loaded once.
  for (const answer of answers)
    await attempt(answer, tell, async () => {
      const { run, tokenizer } = await checkpointModel(context, tokenizers, answer.checkpoint)
      const { db } = context.workspace
      if (run.tokenizer !== referenceRun.tokenizer)
        throw new LabError({
          code: 'unsupported',
          what: `“${run.name}” and “${checkpointName(db, reference)}” cut text into different tokens, so that their probabilities cannot be compared`,
          fix: 'compare models of one tokenizer',
        })
      const written = tokensOf(db, answer.id)
      if (answer.checkpoint === reference)
        return tell(
          answer,
          divergence(
            written.map(() => 0),
            written.map(() => 0),
          ),
        )
      const conversation = { mode: answer.mode, ...readBy(answer) }
      const prompt = chatPrompt(tokenizer, run.model.contextLength, conversation, answer.sampling.maxTokens)
      const tokens = Int32Array.from([...prompt.tokens, ...written.map(({ piece }) => piece.id)])
      const from = prompt.tokens.length
      const shorter = Math.min(run.model.contextLength, referenceRun.model.contextLength)
      const wanted = { checkpoint: reference, model: referenceRun.model }
      const logProbs = await tokenLogProbs(models, wanted, tokens, from, { context: shorter, signal })
      reads.push({ answer, tokens, from, context: shorter, logProbs })
    })
  const byCheckpoint = Map.groupBy(reads, ({ answer }) => answer.checkpoint)
  for (const [checkpoint, own] of byCheckpoint)
    for (const { answer, tokens, from, context: shorter, logProbs } of own)
      await attempt(answer, tell, async () => {
        const { run } = await checkpointModel(context, tokenizers, checkpoint)
        const wanted = { checkpoint, model: run.model }
        const policy = await tokenLogProbs(models, wanted, tokens, from, { context: shorter, signal })
        tell(answer, divergence([...policy], [...logProbs]))
      })
}

/**
 * Log-probs of the same tokens under both, in nats, to their differences and the sum of these; each difference is kept to
 * 1e-4, as log-probs are.
 * @throws LabError `damaged` where either is no number
 */
export function divergence(
  policy: readonly number[],
  reference: readonly number[],
): { value: number; nats: number[] } {
  const nats = policy.map((logProb, i) => logProb - reference[i]!)
  return {
    value: finite(nats.reduce((sum, each) => sum + each, 0)),
    nats: nats.map(each => Math.round(each * 1e4) / 1e4),
  }
}

/** @throws LabError `damaged`: weights that give no number */
function finite(value: number): number {
  if (Number.isFinite(value)) return value
  throw new LabError({
    code: 'damaged',
    what: `the models give no number, but ${value}`,
    fix: 'use another checkpoint of the run',
  })
}

/** What one answer cannot have is no reason for others. */
async function attempt(answer: StoredAnswer, tell: Tell, act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    tell(answer, { error: toFacts(error) })
  }
}
