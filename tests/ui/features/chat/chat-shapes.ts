// Conversations as the core tells them, short enough to read.
import type {
  ChatAnswer,
  ChatColumn,
  ChatTurn,
  Conversation,
  WrittenToken,
} from '../../../../src-shared/contract/chat-contract.ts'
import type { CheckpointSummary } from '../../../../src-shared/contract/lab-contract.ts'

export const sampling = { maxTokens: 50, temperature: 0.7, topK: 0, topP: 0.95 }

export const written = (text: string, logProb = -1): WrittenToken => ({
  piece: { id: text.codePointAt(0) ?? 0, text, bytes: [...Buffer.from(text)], special: false },
  logProb,
  alternatives: [],
})

export const answer = (over: Partial<ChatAnswer> = {}): ChatAnswer => ({
  id: 10,
  turn: 1,
  column: 0,
  attempt: 1,
  attempts: 1,
  attemptIds: [over.id ?? 10],
  checkpoint: 'base-9',
  checkpointName: 'base',
  mode: 'raw',
  sampling,
  seed: 1,
  state: 'done',
  text: 'The fox.',
  tokens: [],
  tokenCount: 3,
  stopped: 'end',
  tokensPerSecond: 20,
  cutOff: 0,
  swapped: false,
  error: null,
  reward: null,
  kl: null,
  ...over,
})

export const turn = (over: Partial<ChatTurn> = {}): ChatTurn => ({
  id: 1,
  parent: null,
  prompt: 'Who hides?',
  seed: 1,
  branches: [over.id ?? 1],
  answers: [answer()],
  vote: null,
  ...over,
})

export const column = (checkpoint: string, over: Partial<ChatColumn> = {}): ChatColumn => ({
  checkpoint,
  mode: 'template',
  sampling,
  ...over,
})

export const conversation = (turns: ChatTurn[], over: Partial<Conversation> = {}): Conversation => ({
  id: 'conversation-1',
  title: 'Who hides?',
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
  removedAt: null,
  system: '',
  columns: [column('base-9', { mode: 'raw' })],
  linked: true,
  blind: false,
  ...over,
  turns,
})

export const checkpoint = (
  run: string,
  step: number,
  over: Partial<CheckpointSummary> = {},
): CheckpointSummary => ({
  id: `${run}-${step}`,
  run,
  runName: run,
  phase: 'pretrain',
  step,
  createdAt: `2026-01-01T00:00:${String(step).padStart(2, '0')}Z`,
  path: `checkpoints/${run}/${step}`,
  bytes: 1000,
  weightsSha256: 'a'.repeat(64),
  evalLoss: null,
  best: false,
  status: 'verified',
  ...over,
})
