// An answer's state in words: waiting, loading, writing, and why it stopped.
import type { ChatAnswer, ChatMode } from '../../../../src-shared/contract/chat-contract.ts'
import { formatCount, formatCounted } from '../../format.ts'

export const modeNames: Record<ChatMode, string> = { template: 'Template', raw: 'Raw' }

export const modeMeanings: Record<ChatMode, string> = {
  template: 'through the chat template: a question to be answered',
  raw: 'as plain text: something to be continued',
}

type Facts = Pick<ChatAnswer, 'state' | 'swapped' | 'stopped' | 'sampling' | 'tokenCount'>

/** What an answer without its first token is waiting for. @param training a run has the device too */
export function waitingFor({ state, swapped }: Pick<Facts, 'state' | 'swapped'>, training = false): string {
  return stage({ state, swapped }) + (training ? TRAINING : '')
}

const TRAINING =
  ' A run is training on the same device: this waits for gaps between its computations. Pause the run to be answered sooner.'

function stage({ state, swapped }: Pick<Facts, 'state' | 'swapped'>): string {
  if (state === 'waiting') return 'Waiting for its turn …'
  if (state === 'loading')
    return swapped
      ? 'Loading this model; another had to make room, since not all fit into memory at once …'
      : 'Loading the model …'
  return 'Reading the conversation …'
}

/** Why an answer ended, without a full stop; null while it has not. */
export function endedBecause({
  stopped,
  sampling,
  tokenCount,
}: Omit<Facts, 'state' | 'swapped'>): string | null {
  if (stopped === 'end') return 'ended by itself'
  if (stopped === 'length')
    return tokenCount < sampling.maxTokens
      ? 'at the end of its context'
      : `at its limit of ${formatCount(sampling.maxTokens)}`
  return stopped === 'stopped' ? 'stopped by you' : null
}

/** For the live region: what the newest turn is at, in one sentence. @param names of the answers, in their order; null while they are hidden */
export function turnSentence(
  answers: readonly Pick<ChatAnswer, 'state' | 'stopped' | 'sampling' | 'swapped' | 'tokenCount'>[],
  names: readonly string[] | null,
): string {
  if (!names)
    return answers.every(({ state }) => state === 'done' || state === 'failed')
      ? 'All answers are there: vote for the better one.'
      : 'The answers are being written.'
  return answers
    .map((answer, i) => {
      const { state } = answer
      if (state === 'failed') return `${names[i]} failed.`
      if (state === 'writing') return `${names[i]} writes.`
      if (state !== 'done') return `${names[i]}: ${waitingFor(answer)}`
      return `${names[i]}: ${formatCounted(answer.tokenCount, 'token')}, ${endedBecause(answer) ?? 'ended'}.`
    })
    .join(' ')
}
